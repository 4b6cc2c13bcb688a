/**
 * Whether a request that changes something comes from our own pages (or from no page at all). The session cookie is SameSite=Lax; this also holds
 * where a browser does not know that, and for other ports of the same host, which SameSite takes for the same site.
 */
export function isSameOrigin(request: Pick<Request, 'method' | 'headers' | 'url'>, publicUrl: string | null): boolean {
  if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return true;
  const origin = request.headers.get('origin');
  if (origin === null) return request.headers.get('sec-fetch-site') !== 'cross-site';
  const host = hostOf(origin);
  return host !== null && (host === hostOf(request.url) || host === hostOf(publicUrl ?? ''));
}

function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host : null;
}
