/** A year. */
export const choiceSeconds = 31_536_000;

/** Remembers a choice of appearance that the server needs before the first byte. */
export function rememberChoice(name: string, value: string): void {
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${choiceSeconds}; samesite=lax`;
}
