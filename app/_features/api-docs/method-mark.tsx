/** A method as a word; reading is quiet, what changes something is not. */
export function MethodMark({ method }: { method: string }) {
  return (
    <span
      className={`shrink-0 font-mono text-12 font-medium ${method === 'GET' ? 'text-live' : method === 'DELETE' ? 'text-error' : 'text-signal'}`}
    >
      {method}
    </span>
  );
}
