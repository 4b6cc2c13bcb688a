import type { IncomingMessage, ServerResponse } from 'node:http';

import type { TokensService } from '#server/identity/tokens/service.ts';
import { AppError } from '#server/platform/app-error.ts';

export const jwksPath = '/.well-known/jwks.json';

/** The public halves of the keys that sign access tokens, for whoever checks them without asking us. */
export function createJwksDoor(signingKeys: TokensService['signingKeys']) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      throw new AppError('BAD_REQUEST', { message: 'keys are read with GET' });
    const body = Buffer.from(JSON.stringify(await signingKeys.jwks()));
    response.writeHead(200, {
      'content-type': 'application/jwk-set+json',
      // A verifier that meets an id it does not know asks again before that.
      'cache-control': 'public, max-age=300',
      'access-control-allow-origin': '*',
      'content-length': body.length,
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
}
