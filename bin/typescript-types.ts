/** Types and a table of operations for the TypeScript example, from the OpenAPI document. */
import { objectOperations, type Schema } from './openapi-reading.ts';

export function typescriptTypes(document: object): string {
  const { schemas, operations } = objectOperations(document);
  const lines = [
    '// Generated from docs/api/openapi.json by `node bin/api-docs.ts`. Do not edit.',
    '',
    ...Object.entries(schemas).flatMap(([name, schema]) => [`export type ${name} = ${typeOf(schema)};`, '']),
    '/** Every operation by its name: what goes in, and what comes back. */',
    'export interface Operations {',
    ...operations.flatMap(({ id, summary, parameters, body, answer }) => {
      const fields = parameters.map(
        ({ name, required, schema }) => `${key(name)}${required ? '' : '?'}: ${typeOf(schema)}`,
      );
      const given = [
        fields.length > 0 ? `{ ${fields.join('; ')} }` : '',
        body ? parenthesized(typeOf(body)) : '',
      ].filter(Boolean);
      return [
        `  /** ${summary} */`,
        `  ${id}: { input: ${given.length > 0 ? given.join(' & ') : 'undefined'}; answer: ${answer ? typeOf(answer) : 'undefined'} };`,
      ];
    }),
    '}',
    '',
    '/** Where each is found, and which fields of its input stand in the path and in the query. */',
    'export const operations = {',
    ...operations.map(({ id, method, path, parameters }) => {
      const names = (where: 'path' | 'query') =>
        JSON.stringify(parameters.filter((parameter) => parameter.where === where).map(({ name }) => name));
      return `  ${id}: { method: '${method}', path: '${path}', inPath: ${names('path')}, inQuery: ${names('query')} },`;
    }),
    '} as const satisfies Record<keyof Operations, { method: string; path: string; inPath: readonly string[]; inQuery: readonly string[] }>;',
  ];
  return `${lines.join('\n')}\n`;
}

function typeOf(schema: Schema): string {
  if (schema.$ref) return schema.$ref.replace('#/components/schemas/', '');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) {
    const types = [...new Set(choices.map((choice) => parenthesized(typeOf(choice))))];
    // `string` holds every literal text.
    return types.filter((type) => type === 'string' || !types.includes('string') || !/^\(?"/.test(type)).join(' | ');
  }
  if (schema.allOf) return schema.allOf.map((part) => parenthesized(typeOf(part))).join(' & ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(' | ');
  switch (schema.type) {
    case 'string':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case 'array':
      if (schema.prefixItems) return `[${schema.prefixItems.map(typeOf).join(', ')}]`;
      return `${parenthesized(typeOf(schema.items ?? {}))}[]`;
    case 'object':
      return objectType(schema);
    case undefined:
    default:
      return 'unknown';
  }
}

function objectType({ properties = {}, required = [], additionalProperties }: Schema): string {
  const fields = Object.entries(properties).map(
    ([name, property]) => `${key(name)}${required.includes(name) ? '' : '?'}: ${typeOf(property)}`,
  );
  if (fields.length > 0) return `{ ${fields.join('; ')} }`;
  const others = typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'unknown';
  return `Record<string, ${others}>`;
}

function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

function parenthesized(type: string): string {
  return / [|&] /.test(type) && !/^\{[^{}]*\}$/.test(type) ? `(${type})` : type;
}
