import { z } from 'zod';
import type { oas31 } from 'zod-openapi';

import type { RestRoute } from './rest.ts';

const references = /"#\/components\/schemas\/(\w+)"/g;

/**
 * A field that no operation knows is refused where it is sent, and the document says so (`additionalProperties: false`). Of answers it is not said:
 * nobody may lean on it that no field will ever join one.
 */
export function closeRequestsAlone(document: oas31.OpenAPIObject): void {
  const schemas = document.components?.schemas ?? {};
  const operations = Object.values(document.paths ?? {}).flatMap(({ get, post, put, patch, delete: remove }) =>
    [get, post, put, patch, remove].flatMap((operation) => (operation ? [operation] : [])),
  );
  const sent = namesIn(
    operations.map(({ requestBody }) => requestBody),
    schemas,
  );
  for (const operation of operations) if (operation.responses) operation.responses = opened(operation.responses);
  for (const [name, schema] of Object.entries(schemas)) if (!sent.has(name)) schemas[name] = opened(schema);
}

/** The generator writes a body anew where its schema has a rule over several fields, and forgets that it is closed. */
export function closeBody({ requestBody }: oas31.OperationObject, { input }: RestRoute): void {
  const isClosed = input instanceof z.ZodObject && input.def.catchall instanceof z.ZodNever;
  if (!isClosed || !requestBody || '$ref' in requestBody) return;
  for (const { schema } of Object.values(requestBody.content))
    if (schema && !('$ref' in schema)) schema.additionalProperties = false;
}

/** Schemas that `value` refers to, and those that they refer to. */
function namesIn(value: unknown, schemas: object, found = new Set<string>()): Set<string> {
  for (const [, name = ''] of (JSON.stringify(value) ?? '').matchAll(references)) {
    if (found.has(name)) continue;
    found.add(name);
    namesIn(Reflect.get(schemas, name), schemas, found);
  }
  return found;
}

function opened<T>(value: T): T {
  const text = JSON.stringify(value, (key, inner: unknown) =>
    key === 'additionalProperties' && inner === false ? undefined : inner,
  );
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a field less here and there, which every schema may lack
  return JSON.parse(text) as T;
}
