/** Where a browser may be sent after signing in or out: an address of ours, else our first page. `own`: the origins that are ours, the one to use first. */
export function ownAddress(wanted: string, own: readonly [string, ...string[]]): string {
  const [home] = own;
  if (!URL.canParse(wanted, home)) return home;
  const url = new URL(wanted, home);
  const isOurs = (url.protocol === 'http:' || url.protocol === 'https:') && own.includes(url.origin);
  return isOurs ? url.origin + url.pathname + url.search + url.hash : home;
}
