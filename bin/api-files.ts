/** What is generated from the procedures and checked in, so that it can be read without a running house. */
import { promisify } from 'node:util';

import postman from 'openapi-to-postmanv2';
import { z } from 'zod';

import { createAppRouter } from '#server/api/app-router.ts';
import { openHouse } from '#server/api/house.ts';
import { exampleOf } from '#server/api/openapi-example.ts';
import { createOpenApiDocument } from '#server/api/openapi.ts';
import { SystemReport, version } from '#server/api/system-report.ts';
import { parseEnv } from '#server/platform/env.ts';
import { createLogger } from '#server/platform/log.ts';

import { pythonTypes } from './python-types.ts';
import { typescriptTypes } from './typescript-types.ts';

const converted = z.object({
  result: z.boolean(),
  reason: z.string().optional(),
  output: z.array(z.object({ data: z.record(z.string(), z.unknown()) })).optional(),
});

const responsesOf = z.record(z.string(), z.record(z.string(), z.unknown()));

/** The document of this version. Nothing connects: the house answers no request. */
export function apiDocument() {
  const env = parseEnv({
    NODE_ENV: 'test',
    LOG_LEVEL: 'error',
    DATABASE_URL: 'postgresql://127.0.0.1:1/none',
    SENSORIUM_KEY: 'no house is opened with it',
    INTERNAL_SECRET: 'no house is opened with it',
    NEXTAUTH_SECRET: 'no house is opened with it',
  });
  const house = openHouse(env, createLogger('documents', env));
  return createOpenApiDocument(createAppRouter(house, new SystemReport(house, env)), version);
}

/** Every generated file by its path from the root. */
export async function apiFiles(): Promise<Map<string, string>> {
  const document = apiDocument();
  return new Map([
    ['docs/api/openapi.json', json(document)],
    ['docs/api/sensorium.postman_collection.json', json(await postmanCollection(document))],
    ['examples/typescript/sensorium-types.ts', typescriptTypes(document)],
    ['examples/python/sensorium_types.py', pythonTypes(document)],
  ]);
}

async function postmanCollection(document: ReturnType<typeof apiDocument>): Promise<Record<string, unknown>> {
  const convert = promisify(postman.convertV2.bind(postman));
  const data = JSON.stringify({ ...forRequests(document), servers: [{ url: 'http://localhost:3000/api/v1' }] });
  const answer = converted.parse(
    await convert(
      { type: 'string', data },
      {
        folderStrategy: 'Tags',
        requestNameSource: 'Fallback',
        parametersResolution: 'Example',
        includeAuthInfoInExample: false,
        alwaysInheritAuthentication: true,
        enableOptionalParameters: false,
      },
    ),
  );
  const collection = answer.output?.[0]?.data;
  if (!collection) throw new Error(`no collection was made: ${answer.reason ?? 'no reason given'}`);
  const auth = { type: 'bearer', bearer: [{ key: 'token', value: '{{apiKey}}', type: 'string' }] };
  const variable = [
    { key: 'baseUrl', value: 'http://localhost:3000/api/v1', type: 'string' },
    { key: 'apiKey', value: '', type: 'string' },
  ];
  return { ...withoutIds(collection), auth, variable };
}

/**
 * What a collection is for: requests to send, each with the answer of success. The converter writes every answer out with its whole request, and errors
 * are alike everywhere, so they stand in the document alone. It draws by chance what has no example.
 */
function forRequests(document: ReturnType<typeof apiDocument>): object {
  const copy = structuredClone(document);
  const schemas = copy.components?.schemas ?? {};
  const operations = Object.values(copy.paths ?? {}).flatMap(({ get, post, put, patch, delete: remove }) => [
    get,
    post,
    put,
    patch,
    remove,
  ]);
  for (const operation of operations) {
    const answers = Object.entries(responsesOf.parse(operation?.responses ?? {}));
    const kept = answers.flatMap(([status, { headers: _headers, ...answer }]) =>
      status.startsWith('2') ? [[status, answer] as const] : [],
    );
    const responses: Record<string, object> = Object.fromEntries(kept);
    if (operation) Object.assign(operation, { responses });
  }
  for (const parameter of operations.flatMap((operation) => operation?.parameters ?? [])) {
    if (!('schema' in parameter) || !parameter.schema || 'example' in parameter) continue;
    const example: unknown = exampleOf(parameter.schema, schemas, { wanted: false, name: parameter.name });
    Object.assign(parameter, { example });
  }
  return copy;
}

/** The converter names everything anew each time. */
function withoutIds(value: Record<string, unknown>): Record<string, unknown> {
  const text = JSON.stringify(value, (key, inner: unknown) =>
    /^(?:_postman_id|id)$/.test(key) && isUuid(inner) ? undefined : inner,
  );
  return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
}

function isUuid(value: unknown): boolean {
  return z.uuid().safeParse(value).success;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
