/** What is looked at of a request, of Node's or of fetch's. */
interface Asked {
  method: string;
  headers: { get: (name: string) => string | null };
  /** Absolute. */
  url: string;
}

/**
 * Whether a request that changes something comes from our own pages (or from no page at all). The session cookie is SameSite=Lax; this also holds
 * where a browser does not know that, and for other ports of the same host, which SameSite takes for the same site.
 */
export function isSameOrigin({ method, headers, url }: Asked, publicUrl: string | null): boolean {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return true;
  // A page of another site can make a browser send our cookie, not a key.
  const hasKey = headers.get('authorization') !== null || headers.get('x-api-key') !== null;
  if (hasKey && headers.get('cookie') === null) return true;
  // Written by the browser alone, which knows better than we behind a proxy.
  const site = headers.get('sec-fetch-site');
  if (site === 'same-origin') return true;
  if (site !== null && site !== 'none') return isOurs(headers.get('origin'));
  // Browsers name the origin of every request that is no read; before that they named the page.
  const from = headers.get('origin') ?? headers.get('referer');
  return from === null || isOurs(from);

  function isOurs(origin: string | null): boolean {
    const host = hostOf(origin ?? '');
    return host !== null && (host === hostOf(url) || host === hostOf(publicUrl ?? ''));
  }
}

function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host : null;
}
