import type { oas31 } from 'zod-openapi';

import { noInput } from '#server/contracts/no-input.ts';

import { errorsOf } from './openapi-errors.ts';
import { exampleOf } from './openapi-example.ts';
import { requestExamples } from './openapi-requests.ts';
import type { RestRoute } from './rest.ts';

type Schema = oas31.SchemaObject | oas31.ReferenceObject;
type Schemas = Record<string, Schema>;

export function methodOf({ method }: RestRoute): 'get' | 'post' | 'patch' | 'put' | 'delete' {
  switch (method) {
    case 'GET':
      return 'get';
    case 'POST':
      return 'post';
    case 'PATCH':
      return 'patch';
    case 'PUT':
      return 'put';
    case 'DELETE':
      return 'delete';
  }
}

/** Adds what the generator does not know: who it is for, its errors, headers, statuses and examples. */
export function completeOperation(operation: oas31.OperationObject, route: RestRoute, schemas: Schemas): void {
  const access = route.access ?? 'public';
  const first = firstResponse(operation);
  operation.operationId = operationIdOf(route);
  operation.description = [operation.description, needs(access)].filter(Boolean).join('\n\n');
  operation['x-permission'] = access;
  const signedIn = [{ bearer: [] }, { apiKey: [] }, { session: [] }];
  operation.security = access === 'public' ? [{}, ...signedIn] : signedIn;
  operation.responses = { ...successOf(route, first, schemas), ...errorsOf(route) };
  operation.parameters = [...(operation.parameters ?? []), ...headerParameters(route)];
  if (route.input === noInput) delete operation.requestBody;
  giveRequestExample(operation, route, schemas);
}

/** The generator says 200 of every success. */
function firstResponse({ responses }: oas31.OperationObject): oas31.ResponseObject | oas31.ReferenceObject | undefined {
  const all: Record<string, oas31.ResponseObject | oas31.ReferenceObject> = { ...responses };
  return all['200'];
}

function operationIdOf({ procedure }: RestRoute): string {
  // What REST says in flat words is the same operation.
  return procedure.replace(/Flat$/, '').replaceAll(/\.(\w)/g, (_dot, letter: string) => letter.toUpperCase());
}

function needs(access: string): string {
  if (access === 'public') return 'For anybody; the answer holds what the caller may see.';
  if (access === 'account') return 'For whoever is signed in.';
  return `Needs the permission \`${access}\`.`;
}

function headerParameters({ method }: RestRoute): oas31.ReferenceObject[] {
  if (method === 'POST') return [{ $ref: '#/components/parameters/IdempotencyKey' }];
  return method === 'GET' ? [{ $ref: '#/components/parameters/IfNoneMatch' }] : [];
}

function successOf(
  route: RestRoute,
  generated: oas31.ResponseObject | oas31.ReferenceObject | undefined,
  schemas: Schemas,
): oas31.ResponsesObject {
  const described = generated && 'description' in generated ? generated.description : undefined;
  const headers = {
    'X-Request-Id': { $ref: '#/components/headers/RequestId' },
    ...(route.method === 'GET' && { ETag: { $ref: '#/components/headers/ETag' } }),
    ...(route.method === 'POST' && { 'Idempotency-Replayed': { $ref: '#/components/headers/IdempotencyReplayed' } }),
  };
  const words = described === 'Successful response' ? undefined : described;
  if (!route.output) return { 204: { description: words ?? 'Done', headers } };
  const content = generated && 'content' in generated ? generated.content : undefined;
  const schema = bodySchema(content?.['application/json']?.schema ?? {}, schemas);
  const example: unknown = exampleOf(schema, schemas, { wanted: true });
  const body = { content: { 'application/json': { schema, example } } };
  const status = route.mark.status ?? 200;
  return {
    [status]: { description: words ?? statusWords[status], headers, ...body },
    ...(route.method === 'GET' && { 304: { description: 'Unchanged since the ETag that was sent', headers } }),
    ...(route.mark.statusOf && { 503: { description: 'Not well; the body is the same', headers, ...body } }),
  };
}

const statusWords = { 200: 'Answered', 201: 'Made', 202: 'Begun' } as const;

/** What `restAnswer` makes of it. */
function bodySchema(schema: Schema, schemas: Schemas): Schema {
  const choices = '$ref' in schema ? undefined : (schema.anyOf ?? schema.oneOf);
  const there = choices?.filter((choice) => '$ref' in choice || choice.type !== 'null');
  const only = there?.length === 1 ? there[0] : undefined;
  const one = only ?? schema;
  const target = '$ref' in one ? schemas[one.$ref.replace('#/components/schemas/', '')] : one;
  const type = target && !('$ref' in target) ? target.type : undefined;
  if (type === 'array') return wrapped('items', one);
  if (type === 'boolean' || type === 'string' || type === 'number' || type === 'integer') return wrapped('value', one);
  return one;
}

function wrapped(name: 'items' | 'value', schema: Schema): Schema {
  return { type: 'object', properties: { [name]: schema }, required: [name] };
}

function giveRequestExample(operation: oas31.OperationObject, route: RestRoute, schemas: Schemas): void {
  const given = requestExamples[route.procedure] ?? {};
  for (const parameter of operation.parameters ?? []) {
    if ('$ref' in parameter || !('schema' in parameter) || !parameter.schema) continue;
    if (parameter.in !== 'query' && parameter.in !== 'path') continue;
    if (parameter.required || parameter.name in given) {
      const example: unknown =
        given[parameter.name] ?? exampleOf(parameter.schema, schemas, { wanted: false, name: parameter.name });
      parameter.example = example;
    }
  }
  const body = operation.requestBody;
  if (!body || '$ref' in body) return;
  const inPath = new Set([...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
  const own = Object.entries(given).filter(([key]) => !inPath.has(key));
  for (const media of Object.values(body.content)) {
    if (!media.schema) continue;
    const sampled: unknown = exampleOf(media.schema, schemas, { wanted: false });
    media.example = requestExamples[route.procedure] ? Object.fromEntries(own) : sampled;
  }
}
