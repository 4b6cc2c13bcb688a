import type { HttpBindings } from '@hono/node-server';
import { createMcpHandler, type AuthInfo } from '@modelcontextprotocol/server';

import type { AppRouter } from '#server/api/app-router.ts';
import { createMcpServer } from '#server/api/mcp.ts';
import { streamId } from '#server/contracts/ids.ts';
import { AppError } from '#server/platform/app-error.ts';
import type { Logger } from '#server/platform/log.ts';
import { createCallerFactory, type Context } from '#server/platform/trpc.ts';

interface Options {
  appRouter: AppRouter;
  createContext: (bindings: HttpBindings) => Promise<Context>;
  version: string;
  /** The internal door's own port and secret: media are read there, by a token of the tool's caller. */
  internal: { port: number; secret: string };
  log: Logger;
  /** Throws where the caller has asked too often: so many messages more than the request that they came in. */
  countMore: (bindings: HttpBindings, context: Context, messages: number) => Promise<void>;
}

const mediaWithinMs = 15_000;
const bodyBytesMax = 262_144;

/**
 * `/mcp`, Streamable HTTP. Nothing is kept between requests, so any replica answers any of them. Who asks is known by the same credentials as at every
 * other door; without one the tools show what is public.
 */
export function createMcpDoor({ appRouter, createContext, version, internal, log, countMore }: Options) {
  const callerOf = createCallerFactory(appRouter);
  const contexts = new WeakMap<AuthInfo, Context>();
  const handler = createMcpHandler(
    ({ authInfo }) => {
      const context = authInfo && contexts.get(authInfo);
      if (!context) throw new AppError('INTERNAL', { message: 'a tool is called by nobody' });
      // An answer may be on its way already, so no cookie goes along.
      const caller = callerOf({ ...context, setCookie: null });
      const readMedia = async (id: string, rest: string): Promise<Response | null> => {
        const { token } = await caller.playback.create({ streamId: streamId.parse(id), purpose: 'view' });
        return readInside(internal, `~${token}/${id}${rest}`);
      };
      return createMcpServer({ version, caller, context, readMedia });
    },
    {
      maxRequestBodySize: bodyBytesMax,
      // Tools do not change while the house runs, so there is little to listen for.
      maxSubscriptions: 100,
      onerror: (error) => log.debug({ action: 'mcp.refused', error: error.message }, 'an MCP request was refused'),
    },
  );
  return {
    answer: async (request: Request, bindings: HttpBindings): Promise<Response> => {
      const context = await createContext(bindings);
      const messages = await messagesIn(request);
      if (messages > 1) await countMore(bindings, context, messages - 1);
      const scopes = context.actor.type === 'user' ? (context.actor.scope?.permissions ?? []) : [];
      // The SDK reads no more of it than that there is one.
      const authInfo: AuthInfo = { token: '', clientId: context.actor.type, scopes };
      contexts.set(authInfo, context);
      return handler.fetch(request, { authInfo });
    },
    close: () => handler.close(),
  };
}

/** Clients of 2025-03-26 may send several in one body; the SDK takes a hundred at most, and refuses what is none. */
async function messagesIn(request: Request): Promise<number> {
  if (request.method !== 'POST') return 1;
  const text = await request.clone().text();
  if (!/^\s*\[/.test(text)) return 1;
  try {
    const batch: unknown = JSON.parse(text);
    return Array.isArray(batch) ? batch.length : 1;
  } catch {
    return 1; // The SDK says what is wrong with it.
  }
}

/** Null: there is nothing. */
async function readInside({ port, secret }: Options['internal'], path: string): Promise<Response | null> {
  const answer = await fetch(`http://127.0.0.1:${port}/internal/v1/media/${path}`, {
    headers: { authorization: `Bearer ${secret}` },
    signal: AbortSignal.timeout(mediaWithinMs),
  }).catch((cause: unknown) => {
    throw new AppError('UNAVAILABLE', { message: 'the picture did not come in time', cause });
  });
  if (answer.ok) return answer;
  await answer.body?.cancel();
  switch (answer.status) {
    case 404:
      return null;
    case 401:
      throw new AppError('UNAUTHENTICATED', { message: 'what is recorded needs somebody signed in who may see it' });
    case 403:
      throw new AppError('FORBIDDEN', { message: 'the media of this camera are not open to you' });
    default:
      throw new AppError('UNAVAILABLE', { message: 'its media can not be read at the moment' });
  }
}
