import { generateOpenApiDocument } from 'trpc-to-openapi';

import { errorBody } from '#server/contracts/error-code.ts';

import type { AppRouter } from './app-router.ts';

/** The REST doors as OpenAPI 3.1. */
export function createOpenApiDocument(appRouter: AppRouter, version: string): object {
  const document = generateOpenApiDocument(appRouter, {
    title: 'Sensorium',
    description: 'Self-hosted live video. The same operations answer under /api.',
    version,
    baseUrl: '/api/v1',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    securitySchemes: { Authorization: { type: 'apiKey', in: 'cookie', name: 'next-auth.session-token' } },
    defs: { ErrorBody: errorBody },
  });
  return withErrorBody(document);
}

/** Errors have one shape at every door; the generator knows only tRPC's. */
function withErrorBody(document: object): object {
  const reference = { $ref: '#/components/schemas/ErrorBody' };
  const text = JSON.stringify(document, (key, value: unknown) => {
    const isErrorReference =
      key === 'schema' &&
      typeof value === 'object' &&
      value !== null &&
      '$ref' in value &&
      String(value.$ref).includes('/error.');
    return isErrorReference ? reference : value;
  });
  const copy: unknown = JSON.parse(text);
  if (typeof copy !== 'object' || copy === null) throw new Error('the OpenAPI document is no object');
  return copy;
}
