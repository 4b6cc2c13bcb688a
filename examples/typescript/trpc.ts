/** The same over tRPC, for programs in TypeScript that stand in this checkout: types come from the procedures themselves, nothing is generated. */
import { parseArgs } from 'node:util';

import { createTRPCClient, httpBatchLink } from '@trpc/client';
import superjson from 'superjson';

import type { AppRouter } from '../../server/api/app-router.ts';

const { values: given } = parseArgs({
  options: { url: { type: 'string', default: 'http://localhost:3000' }, key: { type: 'string' } },
});

const client = createTRPCClient<AppRouter>({
  links: [
    httpBatchLink({
      url: `${given.url}/trpc`,
      transformer: superjson,
      headers: given.key ? { authorization: `Bearer ${given.key}` } : {},
    }),
  ],
});

const [{ items, total }, health] = await Promise.all([
  client.cameras.list.query({ limit: 5 }),
  client.system.health.query(),
]);
process.stdout.write(`${health.version} is ${health.status}, ${total} cameras\n`);
for (const { name, state } of items) process.stdout.write(`  ${state.padEnd(9)} ${name}\n`);
