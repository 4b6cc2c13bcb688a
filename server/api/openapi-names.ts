import type { oas31 } from 'zod-openapi';

const references = /"#\/components\/schemas\/(\w+)"/g;

/**
 * Leaves out schemas that nothing refers to. What a schema is in answers the generator calls `…Output`: it gets the plain name where requests do not
 * have another by it.
 */
export function nameOnce(document: oas31.OpenAPIObject, names: readonly string[]): void {
  const schemas = document.components?.schemas ?? {};
  const used = usedNames(document, schemas);
  const plainNames = new Map<string, string>();
  // Equal only once what they refer to is called the same.
  for (let found = -1; found !== plainNames.size;) {
    found = plainNames.size;
    for (const name of used) {
      const plainName = name.replace(/Output$/, '');
      if (plainName === name || plainNames.has(name) || !names.includes(plainName)) continue;
      const isSame =
        JSON.stringify(rename(schemas[name], plainNames)) === JSON.stringify(rename(schemas[plainName], plainNames));
      if (isSame || !used.has(plainName)) plainNames.set(name, plainName);
    }
  }
  const kept = [...used].map((name) => [plainNames.get(name) ?? name, schemas[name]] as const);
  const sorted = kept.toSorted(([one], [other]) => (one < other ? -1 : 1));
  document.paths = rename(document.paths ?? {}, plainNames);
  document.components = {
    ...document.components,
    schemas: rename(
      Object.fromEntries(sorted.flatMap(([name, schema]) => (schema ? [[name, schema]] : []))),
      plainNames,
    ),
  };
}

function usedNames(document: oas31.OpenAPIObject, schemas: object): Set<string> {
  const used = new Set<string>();
  const visit = (value: unknown) => {
    for (const [, name = ''] of (JSON.stringify(value) ?? '').matchAll(references)) {
      if (used.has(name)) continue;
      used.add(name);
      visit(Reflect.get(schemas, name));
    }
  };
  visit([document.paths, document.components?.responses]);
  return used;
}

function rename<T>(value: T, names: ReadonlyMap<string, string>): T {
  if (value === undefined) return value;
  const text = JSON.stringify(value).replaceAll(
    references,
    (_all, name: string) => `"#/components/schemas/${names.get(name) ?? name}"`,
  );
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only names in it differ
  return JSON.parse(text) as T;
}
