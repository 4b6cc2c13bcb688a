import type { AppError } from '#server/platform/app-error.ts';

/**
 * Pages of other origins may read what is public, and may do with a token or key whatever it is for: they have to be given one. A cookie goes along by
 * itself, so it counts from our own pages alone; `*` never allows it (Fetch §3.2.5).
 */
export const readableElsewhere = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'etag, retry-after, ratelimit-limit, ratelimit-remaining, ratelimit-reset, idempotency-replayed, x-request-id, www-authenticate',
};

/** How to prove who is asking (RFC 6750 §3). */
export function challengeOf({ details }: Pick<AppError, 'details'>): string {
  const reason = details['reason'] === 'invalid_token' ? ', error="invalid_token"' : '';
  return `Bearer realm="sensorium"${reason}`;
}

export function answerPreflight(allow: string): Response {
  return new Response(null, {
    status: 204,
    headers: {
      allow,
      'access-control-allow-origin': '*',
      'access-control-allow-methods': allow,
      'access-control-allow-headers':
        'authorization, content-type, idempotency-key, if-none-match, x-api-key, mcp-protocol-version, mcp-session-id, mcp-method, mcp-name, last-event-id',
      'access-control-max-age': '86400',
    },
  });
}
