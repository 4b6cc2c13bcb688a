/** How an answer may be made smaller for who asks, by `Accept-Encoding`: the best of what we write. */
export function codingOf(accepted: string | undefined): 'br' | 'gzip' | null {
  const names = new Set(
    (accepted ?? '')
      .toLowerCase()
      .split(',')
      .flatMap((part) => {
        const [name = '', weight = ''] = part.trim().split(/\s*;\s*/);
        return /^q=0(?:\.0*)?$/.test(weight) ? [] : [name];
      }),
  );
  if (names.has('br')) return 'br';
  return names.has('gzip') ? 'gzip' : null;
}
