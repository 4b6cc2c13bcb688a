import type { UseFormRegisterReturn } from 'react-hook-form';

/** One of two ways, with what it means. */
export function Choice({
  field,
  value,
  word,
  help,
}: {
  field: UseFormRegisterReturn;
  value: string;
  word: string;
  help: string;
}) {
  return (
    <label className="relative flex min-h-11 cursor-pointer flex-col justify-center rounded-control border border-line-strong px-3 py-2 transition-colors hover:bg-hover has-checked:border-signal has-checked:bg-signal-wash has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-signal">
      <input type="radio" value={value} {...field} className="absolute inset-0 cursor-pointer opacity-0" />
      <span className="text-13 font-medium">{word}</span>
      <span className="text-12 text-quiet">{help}</span>
    </label>
  );
}
