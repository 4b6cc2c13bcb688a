import { z } from 'zod';

export interface SchemaView {
  $ref?: string | undefined;
  type?: string | string[] | undefined;
  const?: unknown;
  enum?: unknown[] | undefined;
  format?: string | undefined;
  description?: string | undefined;
  default?: unknown;
  minimum?: number | undefined;
  maximum?: number | undefined;
  minLength?: number | undefined;
  maxLength?: number | undefined;
  anyOf?: SchemaView[] | undefined;
  oneOf?: SchemaView[] | undefined;
  items?: SchemaView | boolean | undefined;
  prefixItems?: SchemaView[] | undefined;
  properties?: Record<string, SchemaView> | undefined;
  required?: string[] | undefined;
  additionalProperties?: SchemaView | boolean | undefined;
}

const schema: z.ZodType<SchemaView> = z.lazy(() =>
  z.object({
    $ref: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    const: z.unknown().optional(),
    enum: z.array(z.unknown()).optional(),
    format: z.string().optional(),
    description: z.string().optional(),
    default: z.unknown().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    anyOf: z.array(schema).optional(),
    oneOf: z.array(schema).optional(),
    items: z.union([schema, z.boolean()]).optional(),
    prefixItems: z.array(schema).optional(),
    properties: z.record(z.string(), schema).optional(),
    required: z.array(z.string()).optional(),
    additionalProperties: z.union([schema, z.boolean()]).optional(),
  }),
);
const content = z.record(z.string(), z.object({ schema: schema.optional(), example: z.unknown().optional() }));
const response = z.union([
  z.object({ $ref: z.string() }),
  z.object({ description: z.string(), content: content.optional() }),
]);
const parameter = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header', 'cookie']),
  required: z.boolean().optional(),
  description: z.string().optional(),
  schema: schema.optional(),
  example: z.unknown().optional(),
});
const operation = z.object({
  operationId: z.string(),
  summary: z.string(),
  description: z.string().optional(),
  tags: z.array(z.string()),
  'x-permission': z.string(),
  parameters: z.array(z.union([z.object({ $ref: z.string() }), parameter])).optional(),
  requestBody: z.object({ content }).optional(),
  responses: z.record(z.string(), response),
});
const openapi = z.object({
  info: z.object({ version: z.string(), description: z.string() }),
  servers: z.array(z.object({ url: z.string() })).min(1),
  tags: z.array(z.object({ name: z.string(), description: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.object({
    schemas: z.record(z.string(), schema),
    responses: z.record(z.string(), z.object({ description: z.string(), content })),
    parameters: z.record(z.string(), parameter),
  }),
});

export interface ParameterView {
  name: string;
  where: 'path' | 'query' | 'header' | 'cookie';
  required: boolean;
  description: string;
  schema: SchemaView;
}

export interface OperationView {
  id: string;
  method: string;
  path: string;
  summary: string;
  description: string;
  permission: string;
  parameters: ParameterView[];
  /** Of the body, as JSON; `types`: what else is taken. */
  body: { schema: SchemaView; example: unknown; types: string[] } | null;
  answer: { status: string; description: string; schema: SchemaView | null; example: unknown };
  /** `code`: as the body of the error has it. */
  errors: { status: string; code: string; description: string }[];
  /** Path and query of the example. */
  address: string;
}

export interface DocumentView {
  version: string;
  base: string;
  introduction: string;
  tags: { name: string; description: string; operations: OperationView[] }[];
  schemas: { name: string; schema: SchemaView }[];
}

type Parsed = z.infer<typeof openapi>;

/** The OpenAPI document in the order in which it is read. */
export function readDocument(given: unknown): DocumentView {
  const document = openapi.parse(given);
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, one]) => ({
      tag: one.tags[0] ?? '',
      view: viewOf(document, { path, method, one }),
    })),
  );
  return {
    version: document.info.version,
    base: document.servers[0]?.url ?? '',
    introduction: document.info.description,
    tags: document.tags.map((tag) => ({
      ...tag,
      operations: operations.filter((one) => one.tag === tag.name).map(({ view }) => view),
    })),
    schemas: Object.entries(document.components.schemas).map(([name, one]) => ({ name, schema: one })),
  };
}

function viewOf(
  document: Parsed,
  { path, method, one }: { path: string; method: string; one: z.infer<typeof operation> },
): OperationView {
  const { components } = document;
  const given = (one.parameters ?? []).flatMap((entry) => {
    const found = '$ref' in entry ? components.parameters[nameOf(entry.$ref)] : entry;
    return found ? [found] : [];
  });
  const [status = '', success] = Object.entries(one.responses).find(([code]) => code.startsWith('2')) ?? [];
  const answered = success && 'content' in success ? success.content?.['application/json'] : undefined;
  const body = one.requestBody?.content['application/json'];
  return {
    id: one.operationId,
    method: method.toUpperCase(),
    path,
    summary: one.summary,
    description: one.description ?? '',
    permission: one['x-permission'],
    parameters: given.map(({ name, in: where, required = false, description = '', schema: type = {} }) => ({
      name,
      where,
      required,
      description,
      schema: type,
    })),
    body: body
      ? { schema: body.schema ?? {}, example: body.example, types: Object.keys(one.requestBody?.content ?? {}) }
      : null,
    answer: {
      status,
      description: success && 'description' in success ? success.description : '',
      schema: answered?.schema ?? null,
      example: answered?.example,
    },
    errors: Object.entries(one.responses).flatMap(([code, entry]) => {
      if (!('$ref' in entry)) return [];
      const name = nameOf(entry.$ref);
      const found = components.responses[name];
      return found ? [{ status: code, code: name, description: found.description }] : [];
    }),
    address: addressOf(path, given),
  };
}

function addressOf(path: string, parameters: readonly z.infer<typeof parameter>[]): string {
  const query = new URLSearchParams();
  let address = path;
  for (const { name, in: where, example } of parameters) {
    if (example === undefined) continue;
    const text = Array.isArray(example) ? example.map(textOf).join(',') : textOf(example);
    if (where === 'path') address = address.replace(`{${name}}`, encodeURIComponent(text));
    if (where === 'query') query.set(name, text);
  }
  // A comma says more than its code.
  return query.size > 0 ? `${address}?${query.toString().replaceAll('%2C', ',')}` : address;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}
