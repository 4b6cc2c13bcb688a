import fc from 'fast-check';
import { z } from 'zod';

/** The parts of an OpenAPI document that requests are made from. */
const schemaObject = z.record(z.string(), z.unknown());
const parameter = z.object({
  name: z.string(),
  in: z.string(),
  required: z.boolean().optional(),
  schema: schemaObject.optional(),
});
const operation = z.object({
  operationId: z.string(),
  parameters: z.array(z.union([parameter, z.object({ $ref: z.string() })])).default([]),
  requestBody: z
    .object({ content: z.record(z.string(), z.object({ schema: schemaObject, example: z.unknown() })) })
    .optional(),
});
const openapi = z.object({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.object({ schemas: z.record(z.string(), schemaObject) }),
});

type Schema = z.infer<typeof schemaObject>;

export interface FuzzedOperation {
  id: string;
  method: string;
  request: fc.Arbitrary<{ path: string; body: string | null }>;
}

/** Requests for every operation of a document: most fit its schemas, some do not, some are no JSON. */
export function fuzzedOperations(document: unknown): FuzzedOperation[] {
  const { paths, components } = openapi.parse(document);
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { operationId, parameters, requestBody }]) => {
      const named = parameters.flatMap((one) => ('name' in one ? [one] : []));
      const inPath = named.filter((one) => one.in === 'path');
      const inQuery = named.filter((one) => one.in === 'query');
      const valueOf = (schema: Schema | undefined) =>
        fc.oneof(
          { weight: 4, arbitrary: fitting(schema ?? {}, components.schemas, 0) },
          { weight: 1, arbitrary: oddText },
        );
      const media = requestBody?.content['application/json'];
      const body = media
        ? fc.oneof(
            {
              weight: 6,
              arbitrary: fitting(media.schema, components.schemas, 0).map((value) => JSON.stringify(value)),
            },
            { weight: 2, arbitrary: mutated(media.example) },
            { weight: 1, arbitrary: fc.json() },
            { weight: 1, arbitrary: fc.constantFrom('', '{', 'null', '[]', '"x"', '{"__proto__":{"a":1}}') },
          )
        : fc.constant(null);
      const request = fc
        .tuple(
          fc.tuple(...inPath.map(({ schema }) => valueOf(schema))),
          fc.tuple(
            ...inQuery.map(({ schema, required }) =>
              required ? valueOf(schema) : fc.option(valueOf(schema), { nil: undefined }),
            ),
          ),
          body,
        )
        .map(([pathValues, queryValues, text]) => ({
          path: addressOf(path, { inPath: zip(inPath, pathValues), inQuery: zip(inQuery, queryValues) }),
          body: text,
        }));
      return { id: operationId, method: method.toUpperCase(), request };
    }),
  );
}

const oddText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\0', '../..', 'NaN', '1e999', '-1', "' OR 1=1 --"),
);

/** A good example with one field that is something else. */
function mutated(example: unknown): fc.Arbitrary<string> {
  const good = z.record(z.string(), z.unknown()).catch({}).parse(example);
  const keys = Object.keys(good);
  if (keys.length === 0) return fc.constant('{}');
  return fc
    .tuple(fc.constantFrom(...keys), fc.oneof(fc.anything({ maxDepth: 2 }), oddText))
    .map(([key, value]) =>
      JSON.stringify({ ...good, [key]: value }, (_name, inner: unknown) =>
        typeof inner === 'bigint' ? String(inner) : inner,
      ),
    );
}

function fitting(schema: Schema, schemas: Record<string, Schema>, depth: number): fc.Arbitrary<unknown> {
  const part = z
    .object({
      $ref: z.string().optional(),
      const: z.unknown().optional(),
      enum: z.array(z.unknown()).optional(),
      anyOf: z.array(schemaObject).optional(),
      oneOf: z.array(schemaObject).optional(),
      type: z.string().optional(),
      format: z.string().optional(),
      items: z.union([schemaObject, z.boolean()]).optional(),
      prefixItems: z.array(schemaObject).optional(),
      properties: z.record(z.string(), schemaObject).optional(),
      required: z.array(z.string()).optional(),
      minimum: z.number().optional(),
      maximum: z.number().optional(),
      minLength: z.number().optional(),
      maxLength: z.number().optional(),
      minItems: z.number().optional(),
      maxItems: z.number().optional(),
    })
    .parse(schema);
  const inner = (one: Schema) => fitting(one, schemas, depth + 1);
  if (part.$ref) return fitting(schemas[part.$ref.replace('#/components/schemas/', '')] ?? {}, schemas, depth + 1);
  if (part.const !== undefined) return fc.constant(part.const);
  if (part.enum) return fc.constantFrom(...part.enum);
  const choices = part.anyOf ?? part.oneOf;
  if (choices) return fc.oneof(...choices.map(inner));
  switch (part.type) {
    case 'object': {
      const fields = Object.entries(part.properties ?? {}).map(([key, one]) => [key, inner(one)] as const);
      return fc.record(Object.fromEntries(fields), { requiredKeys: [...(part.required ?? [])] });
    }
    case 'array':
      if (part.prefixItems) return fc.tuple(...part.prefixItems.map(inner));
      if (typeof part.items !== 'object' || depth > 6) return fc.constant([]);
      return fc.array(inner(part.items), {
        minLength: part.minItems ?? 0,
        maxLength: Math.min(part.maxItems ?? 3, Math.max(3, part.minItems ?? 0)),
      });
    case 'integer':
      return fc.integer({
        min: Math.max(part.minimum ?? -1000, -2_147_483_648),
        max: Math.min(part.maximum ?? 100_000, 2_147_483_647),
      });
    case 'number':
      return fc.double({ min: part.minimum ?? -1e6, max: part.maximum ?? 1e6, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'string':
      return (
        texts[part.format ?? ''] ??
        fc.string({
          minLength: part.minLength ?? 0,
          maxLength: Math.min(part.maxLength ?? 60, Math.max(60, part.minLength ?? 0)),
        })
      );
    case undefined:
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

const texts: Partial<Record<string, fc.Arbitrary<string>>> = {
  uuid: fc.uuid(),
  email: fc.emailAddress(),
  uri: fc.webUrl(),
  'date-time': fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })
    .map((date) => date.toISOString()),
};

function zip(names: readonly { name: string }[], values: readonly unknown[]): [string, unknown][] {
  return names.map(({ name }, index) => [name, values[index]]);
}

function addressOf(
  path: string,
  { inPath, inQuery }: { inPath: [string, unknown][]; inQuery: [string, unknown][] },
): string {
  const text = (value: unknown) => (Array.isArray(value) ? value.map(String).join(',') : String(value)).toWellFormed();
  const filled = inPath.reduce(
    (address, [name, value]) => address.replace(`{${name}}`, () => encodeURIComponent(text(value))),
    path,
  );
  const query = new URLSearchParams(
    inQuery.flatMap(([name, value]) => (value === undefined ? [] : [[name, text(value)]])),
  );
  return query.size > 0 ? `${filled}?${query.toString()}` : filled;
}
