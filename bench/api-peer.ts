/** The same routes on the same Hono and tRPC with nobody asking who is there: no cookie, no session, no limits, no audit. Run by api.ts. */
import { createServer } from 'node:http';

import { getRequestListener } from '@hono/node-server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { Hono } from 'hono';

import { createAppRouter } from '#server/api/app-router.ts';
import { openHouse } from '#server/api/house.ts';
import { SystemReport } from '#server/api/system-report.ts';
import { readServerEnv } from '#server/platform/env.ts';
import { createLogger } from '#server/platform/log.ts';
import type { Context } from '#server/platform/trpc.ts';

const env = readServerEnv();
const log = createLogger('peer', env);
const house = openHouse(env, log);
const router = createAppRouter(house, new SystemReport(house, env));
const app = new Hono();
app.all('/trpc/*', (c) =>
  fetchRequestHandler({
    endpoint: '/trpc',
    req: c.req.raw,
    router,
    createContext: (): Context => ({
      actor: { type: 'system' },
      door: 'http',
      requestId: '',
      ip: null,
      userAgent: null,
      log,
      may: () => true,
      audit: async () => {},
      setCookie: null,
    }),
  }),
);
const answer = getRequestListener(app.fetch);
const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : null });
});
process.once('disconnect', () => process.exit(0));
