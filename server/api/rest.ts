import { z } from 'zod';

import { AppError } from '#server/platform/app-error.ts';

/** A procedure as REST reaches it. */
export interface RestRoute {
  /** `cameras.get` */
  procedure: string;
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** `/cameras/{id}` */
  path: string;
  input: z.ZodObject | null;
}

const description = z.object({
  meta: z.object({
    openapi: z.object({ method: z.enum(['GET', 'POST', 'PATCH', 'PUT', 'DELETE']), path: z.string() }),
  }),
  inputs: z.array(z.unknown()),
});

/**
 * The routes that the procedures' `openapi` marks ask for. Requests are answered here and not by trpc-to-openapi, which writes `coerce` into the
 * schemas themselves: contracts are shared, and a null latitude would become 0 at every door.
 */
export function restRoutes(procedures: object): RestRoute[] {
  return Object.entries(procedures).flatMap(([name, value]: [string, { _def?: unknown }]) => {
    const parsed = description.safeParse(value._def);
    if (!parsed.success) return [];
    const { method, path } = parsed.data.meta.openapi;
    const input = parsed.data.inputs[0];
    return [{ procedure: name, method, path, input: input instanceof z.ZodObject ? input : null }];
  });
}

/** Finds a route by method and path; a literal part goes before a parameter. */
export function matchRoute(
  routes: readonly RestRoute[],
  method: string,
  path: string,
): { route: RestRoute; parameters: Record<string, string> } | { allowed: string[] } | null {
  const parts = path.split('/').filter((part) => part !== '');
  const matches = routes.flatMap((route) => {
    const parameters = matchPath(route.path, parts);
    return parameters ? [{ route, parameters }] : [];
  });
  const literal = matches.filter((match) => Object.keys(match.parameters).length === 0);
  const found = [...literal, ...matches].find((match) => match.route.method === method);
  if (found) return found;
  return matches.length > 0 ? { allowed: [...new Set(matches.map((match) => match.route.method))] } : null;
}

function matchPath(pattern: string, parts: readonly string[]): Record<string, string> | null {
  const wanted = pattern.split('/').filter((part) => part !== '');
  if (wanted.length !== parts.length) return null;
  const parameters: Record<string, string> = {};
  for (const [index, want] of wanted.entries()) {
    const part = parts[index] ?? '';
    if (want.startsWith('{')) parameters[want.slice(1, -1)] = decodePart(part);
    else if (want !== part) return null;
  }
  return parameters;
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new AppError('BAD_REQUEST', { message: 'the path is not well encoded' });
  }
}

/** Query text in the types that the input wants; what does not fit is left for the schema to refuse. `a=1,2` and `a=1&a=2` are lists. */
export function readQuery(query: URLSearchParams, input: z.ZodObject | null): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const key of new Set(query.keys())) {
    const texts = query.getAll(key);
    const text = texts.at(-1) ?? '';
    const kind = kindOf(input?.shape[key]);
    if (kind === 'list') values[key] = texts.flatMap((part) => part.split(',')).filter((part) => part !== '');
    else if (kind === 'number') values[key] = text.trim() === '' ? text : Number(text);
    else if (kind === 'boolean') values[key] = text === 'true' ? true : text === 'false' ? false : text;
    else values[key] = text;
  }
  return values;
}

function kindOf(schema: unknown): 'list' | 'number' | 'boolean' | 'text' {
  let field = schema;
  while (field instanceof z.ZodOptional || field instanceof z.ZodNullable || field instanceof z.ZodDefault)
    field = field.unwrap();
  if (field instanceof z.ZodArray) return 'list';
  if (field instanceof z.ZodNumber) return 'number';
  return field instanceof z.ZodBoolean ? 'boolean' : 'text';
}
