/**
 * Whether any text in `input` (values and keys, at every depth) is one that PostgreSQL can't hold as it came: with
 * U+0000, which no `text` and no `jsonb` takes, or with half of a surrogate pair, which UTF-8 has no bytes for.
 * Looks into plain objects and arrays; files and bytes are no text.
 */
export function holdsUnstorableText(input: unknown): boolean {
  if (typeof input === 'string') return input.includes('\u0000') || !input.isWellFormed();
  if (Array.isArray(input)) return input.some(holdsUnstorableText);
  if (typeof input !== 'object' || input === null || !isPlain(input)) return false;
  return Object.entries(input).some(([key, value]) => holdsUnstorableText(key) || holdsUnstorableText(value));
}

function isPlain(input: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(input);
  return prototype === Object.prototype || prototype === null;
}
