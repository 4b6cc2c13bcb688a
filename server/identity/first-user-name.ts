/** A user name for somebody who chose none: from what they are called, not from their address, which is nobody else's business. The end of their id keeps two apart. */
export function firstUserName(name: string, id: string): string {
  const words = name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '');
  return `${Array.from(words).slice(0, 40).join('') || 'person'}-${id.slice(-6)}`;
}
