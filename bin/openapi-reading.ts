/** The OpenAPI document as the generators of the examples read it. */
import { z } from 'zod';

export interface Schema {
  $ref?: string | undefined;
  type?: string | string[] | undefined;
  const?: unknown;
  enum?: unknown[] | undefined;
  anyOf?: Schema[] | undefined;
  oneOf?: Schema[] | undefined;
  allOf?: Schema[] | undefined;
  items?: Schema | undefined;
  prefixItems?: Schema[] | undefined;
  properties?: Record<string, Schema> | undefined;
  required?: string[] | undefined;
  additionalProperties?: boolean | Schema | undefined;
}

const schema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    $ref: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    const: z.unknown().optional(),
    enum: z.array(z.unknown()).optional(),
    anyOf: z.array(schema).optional(),
    oneOf: z.array(schema).optional(),
    allOf: z.array(schema).optional(),
    // A tuple's end.
    items: z.union([z.literal(false).transform(() => undefined), schema]).optional(),
    prefixItems: z.array(schema).optional(),
    properties: z.record(z.string(), schema).optional(),
    required: z.array(z.string()).optional(),
    additionalProperties: z.union([z.boolean(), schema]).optional(),
  }),
);

const content = z.object({ 'application/json': z.object({ schema }).optional() });
const operation = z.object({
  operationId: z.string(),
  summary: z.string(),
  parameters: z
    .array(
      z.union([
        z.object({ $ref: z.string() }).transform(() => null),
        z.object({ name: z.string(), in: z.enum(['path', 'query']), required: z.boolean().default(false), schema }),
      ]),
    )
    .default([]),
  requestBody: z.object({ content }).optional(),
  responses: z.record(z.string(), z.union([z.object({ content: content.optional() }), z.object({ $ref: z.string() })])),
});
const document = z.object({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.object({ schemas: z.record(z.string(), schema) }),
});

export interface Operation {
  id: string;
  method: string;
  path: string;
  summary: string;
  parameters: { name: string; where: 'path' | 'query'; required: boolean; schema: Schema }[];
  body: Schema | null;
  answer: Schema | null;
}

export function objectOperations(given: object): { schemas: Record<string, Schema>; operations: Operation[] } {
  const { paths, components } = document.parse(given);
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { operationId, summary, parameters, requestBody, responses }]): Operation => {
      const success = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];
      const answer = success && 'content' in success ? success.content : undefined;
      return {
        id: operationId,
        method: method.toUpperCase(),
        path,
        summary,
        parameters: parameters.flatMap((parameter) => (parameter ? [{ ...parameter, where: parameter.in }] : [])),
        body: requestBody?.content['application/json']?.schema ?? null,
        answer: answer?.['application/json']?.schema ?? null,
      };
    }),
  );
  return { schemas: components.schemas, operations };
}
