import { matchRoute, type RestRoute } from '#server/api/rest.ts';

import { postedPages } from './request-facts.ts';

/** Tells which procedure an address of REST calls. What is not there calls none, and says so further in. */
export function createRestProcedure(routes: readonly RestRoute[]) {
  return ({ method, path }: { method: string; path: string }): string | null => {
    // Reads are many, and none of them is strict.
    if (method === 'GET' || method === 'HEAD') return null;
    const match = matchRoute(routes, method, postedPages.get(path) ?? path.replace(/^\/api(?:\/v1)?/, ''));
    return match && 'route' in match ? match.route.procedure : null;
  };
}
