/** What a browser sent as `Cookie`, without the one of this name. */
export function withoutCookie(header: string, name: string): string {
  return header
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part.split('=', 1)[0]?.trim() !== name)
    .join('; ');
}
