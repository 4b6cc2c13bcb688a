import { z } from 'zod';

import { procedureAccess, type ProcedureAccess } from '#server/contracts/permissions.ts';
import { AppError } from '#server/platform/app-error.ts';
import type { RestMark } from '#server/platform/trpc.ts';

/** A procedure as REST reaches it. */
export interface RestRoute {
  /** `cameras.get` */
  procedure: string;
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** `/cameras/{id}` */
  path: string;
  /** Who it is for; null where the procedure does not say. */
  access: ProcedureAccess | null;
  /** Null: it takes nothing. */
  input: z.ZodType | null;
  output: z.ZodType | null;
  /** Takes OAuth2's form besides JSON. */
  takesForm: boolean;
  /** Statuses of errors beyond the usual ones. */
  errors: number[];
  mark: RestMark;
}

const formType = 'application/x-www-form-urlencoded';

const definition = z.object({
  meta: z.object({
    openapi: z.object({
      method: z.enum(['GET', 'POST', 'PATCH', 'PUT', 'DELETE']),
      path: z.string(),
      contentTypes: z.array(z.string()).optional(),
      errorResponses: z.union([z.array(z.number()), z.record(z.string(), z.string())]).optional(),
    }),
    access: procedureAccess.optional(),
    rest: z.custom<RestMark>((mark) => typeof mark === 'object' && mark !== null).optional(),
  }),
  inputs: z.array(z.instanceof(z.ZodType)),
  output: z.instanceof(z.ZodType).optional(),
});

/**
 * The routes that the procedures' `openapi` marks ask for. Requests are answered here and not by trpc-to-openapi, which writes `coerce` into the
 * schemas themselves: contracts are shared, and a null latitude would become 0 at every door.
 */
export function restRoutes(procedures: object): RestRoute[] {
  return Object.entries(procedures).flatMap(([procedure, value]: [string, { _def?: unknown }]) => {
    const parsed = definition.safeParse(value._def);
    if (!parsed.success) return [];
    const { meta, inputs, output = null } = parsed.data;
    const { method, path, contentTypes = [], errorResponses = [] } = meta.openapi;
    const input = inputs[0] ?? null;
    return [
      {
        procedure,
        method,
        path,
        access: meta.access ?? null,
        input: input instanceof z.ZodVoid ? null : input,
        output: output instanceof z.ZodVoid ? null : output,
        takesForm: contentTypes.includes(formType),
        errors: Array.isArray(errorResponses) ? errorResponses : Object.keys(errorResponses).map(Number),
        mark: meta.rest ?? {},
      },
    ];
  });
}

/** Finds a route by method and path; a literal part goes before a parameter. */
export function matchRoute(
  routes: readonly RestRoute[],
  method: string,
  path: string,
): { route: RestRoute; parameters: Record<string, string> } | { allowed: string[] } | null {
  const parts = partsOf(path);
  const matches = tableOf(routes)
    .filter(({ wanted }) => isLike(wanted, parts))
    .map(({ route, wanted }) => ({ route, parameters: parametersOf(wanted, parts) }))
    .toSorted((one, other) => Object.keys(one.parameters).length - Object.keys(other.parameters).length);
  const found = matches.find((match) => match.route.method === method);
  if (found) return found;
  return matches.length > 0 ? { allowed: [...new Set(matches.map((match) => match.route.method))] } : null;
}

interface TableRow {
  route: RestRoute;
  /** Parts of its path. */
  wanted: readonly string[];
}

const tables = new WeakMap<readonly RestRoute[], readonly TableRow[]>();

/** Paths are taken apart once, not at every request. */
function tableOf(routes: readonly RestRoute[]): readonly TableRow[] {
  const known = tables.get(routes);
  if (known) return known;
  const table = routes.map((route) => ({ route, wanted: partsOf(route.path) }));
  tables.set(routes, table);
  return table;
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

const isParameter = (want: string) => want.startsWith('{');

function isLike(wanted: readonly string[], parts: readonly string[]): boolean {
  return wanted.length === parts.length && wanted.every((want, index) => want === parts[index] || isParameter(want));
}

function parametersOf(wanted: readonly string[], parts: readonly string[]): Record<string, string> {
  const pairs = wanted.flatMap((want, index) =>
    isParameter(want) ? [[want.slice(1, -1), decodePart(parts[index] ?? '')] as const] : [],
  );
  return Object.fromEntries(pairs);
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new AppError('BAD_REQUEST', { message: 'the path is not well encoded' });
  }
}

/** Query or form in the types that the input wants; what does not fit is left for the schema to refuse. `a=1,2` and `a=1&a=2` are lists. */
export function readQuery(query: URLSearchParams, input: z.ZodType | null): Record<string, unknown> {
  const shape = input instanceof z.ZodObject ? input.shape : {};
  const values: Record<string, unknown> = {};
  // In one pass: `getAll` for each name would be quadratic.
  for (const [key, pairs] of Map.groupBy(query, ([name]) => name)) {
    const texts = pairs.map(([, given]) => given);
    const text = texts.at(-1) ?? '';
    // A name such as __proto__ is a name like any other.
    const kind = kindOf(Object.hasOwn(shape, key) ? shape[key] : undefined);
    const value =
      kind === 'list'
        ? texts.flatMap((part) => part.split(',')).filter((part) => part !== '')
        : kind === 'number'
          ? text.trim() === ''
            ? text
            : Number(text)
          : kind === 'boolean' && (text === 'true' || text === 'false')
            ? text === 'true'
            : text;
    Object.defineProperty(values, key, { value, enumerable: true, configurable: true, writable: true });
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

/**
 * What REST sends for what a procedure returns. Bodies are objects, so that fields can join them later: a list stands under `items`, a lone value
 * under `value`. Nothing to say is 204; a thing that is not there is 404.
 */
export function restAnswer(
  { mark }: RestRoute,
  answer: unknown,
): { status: 200 | 201 | 202 | 204 | 503; body: object | null } {
  if (answer === undefined) return { status: 204, body: null };
  if (answer === null) throw new AppError('NOT_FOUND', { message: 'there is no such thing' });
  const status = mark.statusOf?.(answer) ?? mark.status ?? 200;
  if (Array.isArray(answer)) return { status, body: { items: answer } };
  return { status, body: typeof answer === 'object' ? answer : { value: answer } };
}
