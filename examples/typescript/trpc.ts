/**
 * The same over tRPC, for programs in TypeScript that stand in this checkout: types come from the procedures themselves, nothing is generated. Follows
 * the cameras over the WebSocket for `--seconds`: a ticket (once, 30 s) stands for the key, so that a browser could do it alike.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { createTRPCClient, createWSClient, httpBatchLink, splitLink, wsLink } from '@trpc/client';
import superjson from 'superjson';

import type { AppRouter } from '../../server/api/app-router.ts';

const { values: given } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:3000' },
    key: { type: 'string' },
    seconds: { type: 'string', default: '10' },
  },
});
const say = (text: string) => process.stdout.write(`${text}\n`);

const http = httpBatchLink({
  url: `${given.url}/trpc`,
  transformer: superjson,
  headers: given.key ? { authorization: `Bearer ${given.key}` } : {},
});
const overHttp = createTRPCClient<AppRouter>({ links: [http] });
const socket = createWSClient({
  // Asked again at each connection: a ticket opens one.
  url: async () => {
    const ticket = given.key ? (await overHttp.auth.wsTicket.mutate()).ticket : null;
    return `${given.url.replace(/^http/, 'ws')}/trpc${ticket === null ? '' : `?ticket=${ticket}`}`;
  },
  lazy: { enabled: true, closeMs: 0 },
});
const client = createTRPCClient<AppRouter>({
  links: [
    splitLink({
      condition: ({ type }) => type === 'subscription',
      true: wsLink({ client: socket, transformer: superjson }),
      false: http,
    }),
  ],
});

const [{ items, total }, health] = await Promise.all([
  client.cameras.list.query({ limit: 5 }),
  client.system.health.query(),
]);
say(`${health.version} is ${health.status}, ${total} cameras`);
for (const { name, state } of items) say(`  ${state.padEnd(9)} ${name}`);

const nameOf = new Map<string, string>(items.map(({ streamId, name }) => [streamId, name]));
const watch = client.cameras.watch.subscribe(
  {},
  {
    onStarted: () => say('watching'),
    onData: ({ states, gone }) => {
      for (const { streamId, state, reason } of states)
        say(`${new Date().toISOString()} ${state.padEnd(9)} ${nameOf.get(streamId) ?? streamId} ${reason ?? ''}`);
      for (const streamId of gone) say(`${new Date().toISOString()} gone      ${nameOf.get(streamId) ?? streamId}`);
    },
    onError: ({ message }) => say(`not told any more: ${message}`),
  },
);
await sleep(Number(given.seconds) * 1000);
watch.unsubscribe();
await socket.close();
