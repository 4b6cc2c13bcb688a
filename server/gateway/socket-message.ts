import { getErrorShape, transformTRPCResponse } from '@trpc/server';
import { z } from 'zod';

import type { AppRouter } from '#server/api/app-router.ts';
import { AppError } from '#server/platform/app-error.ts';
import { toTrpcError, type Context } from '#server/platform/trpc.ts';

import { jsonExcess } from './json-bounds.ts';

const batchMax = 50;

/** One call in a frame; a frame may carry several. */
export interface SocketCall {
  id: number | string | null;
  method: string;
  /** The procedure; null where the message calls none. */
  path: string | null;
}

const message = z.object({
  id: z.union([z.number(), z.string()]).nullish(),
  method: z.string().max(50).catch(''),
  params: z.object({ path: z.string() }).nullish().catch(null),
});
const calling = new Set(['query', 'mutation', 'subscription']);

/** What a frame asks for; throws where it is out of all proportion. What is no message of tRPC is a call of nothing, and its adapter says so. */
export function readCalls(text: string): SocketCall[] {
  // What the client says to see that we are there.
  if (text === 'PING' || text === 'PONG') return [{ id: null, method: text, path: null }];
  const excess = jsonExcess(text);
  if (excess)
    throw new AppError('BAD_REQUEST', { message: 'the message is not for walking', details: { reason: excess } });
  const parsed = parseJson(text);
  const messages: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  if (messages.length > batchMax)
    throw new AppError('BAD_REQUEST', { message: `a batch has ${batchMax} calls at most` });
  return messages.map((one) => {
    const { id = null, method, params } = message.safeParse(one).data ?? { method: '' };
    return { id, method, path: calling.has(method) ? (params?.path ?? '') : null };
  });
}

/** A refusal as a client of tRPC reads it. */
export function errorFrame(
  router: AppRouter,
  { id, path, error, context }: { id: SocketCall['id']; path: string | null; error: AppError; context: Context },
): string {
  const config = router._def._config;
  const shape = getErrorShape({
    config,
    error: toTrpcError(error),
    type: 'unknown',
    path: path ?? undefined,
    input: undefined,
    ctx: context,
  });
  return JSON.stringify(transformTRPCResponse(config, { id, error: shape }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // The adapter refuses it and says so.
  }
}
