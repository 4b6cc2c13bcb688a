/** Types for the Python example, from the OpenAPI document: TypedDict and Literal, which the standard library has. */
import { objectOperations, type Operation, type Schema } from './openapi-reading.ts';

export function pythonTypes(document: object): string {
  const { schemas, operations } = objectOperations(document);
  const lines = [
    '"""Generated from docs/api/openapi.json by `node bin/api-docs.ts`. Do not edit."""',
    '',
    'from typing import Any, Literal, NotRequired, TypedDict, Union  # noqa: F401',
    '',
    ...Object.entries(schemas).flatMap(([name, schema]) => [`${name} = ${definition(name, schema)}`, '']),
    '# Where each operation is found: method, path, fields of the path, fields of the query.',
    'OPERATIONS: dict[str, tuple[str, str, tuple[str, ...], tuple[str, ...]]] = {',
    ...operations.map(({ id, method, path, parameters }) => {
      const names = (where: 'path' | 'query') => tuple(parameters.filter((one) => one.where === where));
      return `    "${id}": ("${method}", "${path}", ${names('path')}, ${names('query')}),`;
    }),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function definition(name: string, schema: Schema): string {
  const { properties } = schema;
  if (schema.type !== 'object' || !properties || Object.keys(properties).length === 0) return typeOf(schema);
  const fields = Object.entries(properties).map(([field, property]) => {
    const type = typeOf(property);
    return `    "${field}": ${schema.required?.includes(field) ? type : `NotRequired[${type}]`},`;
  });
  return `TypedDict("${name}", {\n${fields.join('\n')}\n})`;
}

function typeOf(schema: Schema): string {
  // In quotes: a type may be named before it is defined.
  if (schema.$ref) return `"${schema.$ref.replace('#/components/schemas/', '')}"`;
  if (schema.const !== undefined) return literal([schema.const]);
  if (schema.enum) return literal(schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return union(choices.map(typeOf));
  if (Array.isArray(schema.type)) return union(schema.type.map((type) => typeOf({ ...schema, type })));
  switch (schema.type) {
    case 'string':
      return 'str';
    case 'integer':
      return 'int';
    case 'number':
      return 'float';
    case 'boolean':
      return 'bool';
    case 'null':
      return 'None';
    case 'array':
      if (schema.prefixItems) return `tuple[${schema.prefixItems.map(typeOf).join(', ')}]`;
      return `list[${typeOf(schema.items ?? {})}]`;
    case 'object':
      return 'dict[str, Any]';
    case undefined:
    default:
      return 'Any';
  }
}

function literal(values: readonly unknown[]): string {
  return `Literal[${values.map((value) => (typeof value === 'boolean' ? (value ? 'True' : 'False') : JSON.stringify(value))).join(', ')}]`;
}

function union(types: readonly string[]): string {
  return `Union[${[...new Set(types)].join(', ')}]`;
}

function tuple(parameters: Operation['parameters']): string {
  const names = parameters.map(({ name }) => `"${name}"`);
  return names.length === 1 ? `(${names.join('')},)` : `(${names.join(', ')})`;
}
