import { generateOpenApiDocument } from 'trpc-to-openapi';
import type { oas31 } from 'zod-openapi';

import type { AppRouter } from './app-router.ts';
import { closeBody, closeRequestsAlone } from './openapi-closed.ts';
import { errorResponses } from './openapi-errors.ts';
import { nameOnce } from './openapi-names.ts';
import { completeOperation, methodOf } from './openapi-operation.ts';
import { namedSchemas } from './openapi-schemas.ts';
import { tags } from './openapi-tags.ts';
import { hasUnionBody, unionPaths } from './openapi-unions.ts';
import { restRoutes } from './rest.ts';

const description = `Self-hosted live video: cameras, their measured state, recordings, and who may do what.

**Who is asking.** \`Authorization: Bearer\` with an access token (\`POST /auth/login\`) or an API key (\`sns_…\`), \`X-API-Key\` with a key, or the cookie of a signed-in browser. Each operation names the permission it needs in \`x-permission\`: \`public\` is for anybody, \`account\` for whoever is signed in.

**Answers.** Plain JSON objects. A list stands under \`items\`, a lone value under \`value\`. A part of a long list ends with \`nextCursor\`: send it as \`cursor\` for the next part, until it is null. Reads carry a weak \`ETag\`; with \`If-None-Match\` an unchanged answer is 304. Times are ISO 8601 in UTC.

**Errors.** \`{ "error": { "code", "message", "details", "timestamp" } }\`, at every address. What is sent to change something is refused with 400 where it holds a field that the operation does not know: \`details.fields\` names it. 405 tells the methods in \`Allow\`. \`Retry-After\` says when to come back.

**Repeating safely.** A POST with an \`Idempotency-Key\` (up to 255 characters) that is sent again with the same body within a day gets the answer that was kept, with \`Idempotency-Replayed: true\`; nothing is done twice. The same key with another body is 409.

**Other sites.** Pages of any origin may read, and may write with a token or key; a cookie counts only from the house's own pages.

**Limits.** 1000 requests a minute for a client; 429 with \`Retry-After\` and \`RateLimit-*\` beyond.

The same operations answer under \`/api\`. Agents that speak MCP find tools at \`/mcp\` (Streamable HTTP). tRPC also answers over a WebSocket at \`/trpc\`, which tells the states of cameras as they change: by key, token or cookie, or by \`?ticket=\` of \`POST /ws-tickets\`; 100 messages a minute for a connection, which ends with 4401 where its credential is over, 4403 where its rights have changed, 4429 beyond its limit and 1012 where the house restarts.`;

/** The REST doors as OpenAPI 3.1. */
export function createOpenApiDocument(appRouter: AppRouter, version: string): oas31.OpenAPIObject {
  const routes = restRoutes(appRouter._def.procedures);
  const unions = routes.filter(hasUnionBody);
  const isUnion = new Set(unions.map(({ method, path }) => `${method} ${path}`));
  const generated = generateOpenApiDocument(appRouter, {
    title: 'Sensorium',
    description,
    version,
    baseUrl: '/api/v1',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    docsUrl: '/docs/api',
    securitySchemes: {
      bearer: {
        type: 'http',
        scheme: 'bearer',
        description: 'An access token of `POST /auth/login` (RS256 JWT), or an API key.',
      },
      apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key (`sns_…`).' },
      session: {
        type: 'apiKey',
        in: 'cookie',
        name: 'next-auth.session-token',
        description: 'A signed-in browser, from the house’s own pages. Over TLS the name begins with `__Host-`.',
      },
    },
    // trpc-to-openapi takes objects alone.
    filter: ({ metadata: { openapi } }) => !isUnion.has(`${openapi.method} ${openapi.path}`),
    paths: unionPaths(unions, appRouter._def.procedures),
    defs: namedSchemas,
  });
  const document = plain(generated);
  closeRequestsAlone(document);
  const schemas = document.components?.schemas ?? {};
  // What the generator says of errors is replaced, and with it the schemas it used.
  document.components = {
    ...document.components,
    schemas: Object.fromEntries(Object.entries(schemas).filter(([name]) => !name.startsWith('error.'))),
    responses: errorResponses(),
    headers: headers(),
    parameters: parameters(),
  };
  for (const route of routes) {
    const operation = document.paths?.[route.path]?.[methodOf(route)];
    if (!operation) throw new Error(`${route.procedure} is not in the document`);
    closeBody(operation, route);
    completeOperation(operation, route, document.components.schemas ?? {});
  }
  nameOnce(document, Object.keys(namedSchemas));
  document.tags = tags.filter(({ name }) => usedTags(document).has(name));
  return document;
}

function headers(): Record<string, oas31.HeaderObject> {
  const text = (words: string, schema: oas31.SchemaObject = { type: 'string' }) => ({ description: words, schema });
  return {
    RequestId: text('Names this request in our logs.', { type: 'string', format: 'uuid' }),
    RetryAfter: text('Seconds until it is worth asking again.', { type: 'integer', minimum: 0 }),
    ETag: text('Weak: the same as long as the answer says the same.'),
    IdempotencyReplayed: text('`true`: the answer to an earlier request with this Idempotency-Key.'),
  };
}

function parameters(): Record<string, oas31.ParameterObject> {
  return {
    IdempotencyKey: {
      name: 'Idempotency-Key',
      in: 'header',
      description: 'Makes a repetition safe: the same key and body within a day get the kept answer.',
      schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!-~]+$' },
      example: 'b0a3c1de-5d0f-4c7c-9f43-2f1c86a1f6a4',
    },
    IfNoneMatch: {
      name: 'If-None-Match',
      in: 'header',
      description: 'The `ETag` of an earlier answer: 304 without a body while nothing has changed.',
      schema: { type: 'string' },
      example: 'W/"4gR3zq0kYw1mXh5tN8bVcQ"',
    },
  };
}

function usedTags(document: oas31.OpenAPIObject): Set<string> {
  const operations = Object.values(document.paths ?? {}).flatMap(({ get, post, put, patch, delete: remove }) =>
    [get, post, put, patch, remove].flatMap((operation) => operation?.tags ?? []),
  );
  return new Set(operations);
}

/** The same as JSON, free of shared objects, in the types of OpenAPI 3.1. */
function plain(document: object): oas31.OpenAPIObject {
  // Classes of Unicode are not known to every reader of patterns (Python's `re`): the server alone holds to them.
  const text = JSON.stringify(document, (key, value: unknown) =>
    key === 'pattern' && typeof value === 'string' && value.includes(String.raw`\p{`) ? undefined : value,
  );
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the generator's own type of the same document, from another package
  return JSON.parse(text) as oas31.OpenAPIObject;
}
