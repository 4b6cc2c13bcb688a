import { z } from 'zod';

import { exampleOf } from '#server/api/openapi-example.ts';
import { procedureAccess, type ProcedureAccess } from '#server/contracts/permissions.ts';

/** A procedure as a test over all of them sees it. */
export interface ProcedureFacts {
  /** `cameras.update` */
  path: string;
  type: 'query' | 'mutation' | 'subscription';
  /** Null: it does not say. */
  access: ProcedureAccess | null;
  unaudited: boolean;
  input: z.ZodType | null;
}

const definition = z.object({
  type: z.enum(['query', 'mutation', 'subscription']),
  meta: z.object({ access: z.unknown(), unaudited: z.boolean().optional() }).optional(),
  inputs: z.array(z.unknown()),
});

export function proceduresOf(router: { _def: { procedures: object } }): ProcedureFacts[] {
  return Object.entries(router._def.procedures).map(([path, procedure]: [string, { _def?: unknown }]) => {
    const { type, meta, inputs } = definition.parse(procedure._def);
    const [input] = inputs;
    return {
      path,
      type,
      access: procedureAccess.safeParse(meta?.access).data ?? null,
      unaudited: meta?.unaudited ?? false,
      input: input instanceof z.ZodType ? input : null,
    };
  });
}

/** Inputs of which a schema alone does not say what it takes. */
const byHand: Record<string, unknown> = {
  'auth.passwordReset': { email: 'aya@example.org' },
  'limits.clear': { limit: 'api', client: '192.0.2.1' },
};

/** An input that the procedure takes; `wanted`: with its optional fields. */
export function sampleInput({ path, input }: Pick<ProcedureFacts, 'path' | 'input'>, wanted = false): unknown {
  if (!input || input instanceof z.ZodVoid) return undefined;
  if (path in byHand) return byHand[path];
  const schema = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any', reused: 'inline' });
  // Both are JSON Schema 2020-12; the packages write its type in their own ways.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- said above
  return exampleOf(schema as Parameters<typeof exampleOf>[0], {}, { wanted });
}

/** Calls what a caller has under `path`, and reads what a subscription tells first; for tests that go through all of them. */
export async function callByPath(caller: object, path: string, input: unknown): Promise<unknown> {
  let step: unknown = caller;
  for (const name of path.split('.')) {
    // Routers and procedures of a caller are proxies: functions that have fields.
    step = typeof step === 'object' || typeof step === 'function' ? Reflect.get(Object(step), name) : undefined;
  }
  if (typeof step !== 'function') throw new Error(`there is no procedure ${path}`);
  const answer: unknown = await Reflect.apply(step, undefined, [input]);
  if (typeof answer !== 'object' || answer === null || !(Symbol.asyncIterator in answer)) return answer;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- looked at above
  for await (const told of answer as AsyncIterable<unknown>) return told;
  return undefined;
}
