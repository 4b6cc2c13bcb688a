import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import { parseEnv } from '#server/platform/env.ts';
import type { Context } from '#server/platform/trpc.ts';
import { aCameraInput, anActor, silentLog } from '#server/testing/factories.ts';

import { createAppRouter } from './app-router.ts';
import { openHouse } from './house.ts';
import { SystemReport } from './system-report.ts';

// Nothing connects before the first query, and a refused call makes none.
const env = parseEnv({
  DATABASE_URL: 'postgresql://127.0.0.1:1/none',
  SENSORIUM_KEY: '0123456789abcdef',
  INTERNAL_SECRET: '0123456789abcdef',
  NEXTAUTH_SECRET: '0123456789abcdef',
});
const house = openHouse(env, silentLog);
const appRouter = createAppRouter(house, new SystemReport(house, env));
const callAs = (actor: Context['actor']) =>
  appRouter.createCaller({ actor, door: 'http', requestId: 'r1', ip: null, userAgent: null, log: silentLog });
type Caller = ReturnType<typeof callAs>;

const id = randomUUID();
const ownersOnly: Record<string, (caller: Caller) => Promise<unknown>> = {
  'cameras.create': (caller) => caller.cameras.create(aCameraInput()),
  'cameras.update': (caller) => caller.cameras.update({ id, patch: { name: 'x' } }),
  'cameras.patch': (caller) => caller.cameras.patch({ id, name: 'x' }),
  'cameras.delete': (caller) => caller.cameras.delete({ id }),
  'cameras.restore': (caller) => caller.cameras.restore({ id }),
  'cameras.diagnose': (caller) => caller.cameras.diagnose({ kind: 'synthetic' }),
  'cameras.setDemoShown': (caller) => caller.cameras.setDemoShown({ shown: false }),
  'discovery.allowed': (caller) => caller.discovery.allowed(),
  'discovery.devices': (caller) => caller.discovery.devices(),
  'discovery.streams': (caller) =>
    caller.discovery.streams({ xaddr: 'http://192.168.1.20/onvif/device_service', user: 'x', password: 'x' }),
  'feeds.choose': (caller) => caller.feeds.choose({ answer: 'wanted' }),
  'feeds.setEnabled': (caller) => caller.feeds.setEnabled({ id: 'tfl', enabled: true }),
  'feeds.readNow': (caller) => caller.feeds.readNow({ id: 'tfl' }),
  'feeds.run': (caller) => caller.feeds.run({ id }),
  'feeds.runs': (caller) => caller.feeds.runs({}),
  'feeds.cancelRun': (caller) => caller.feeds.cancelRun({ id }),
  'feeds.online': (caller) => caller.feeds.online(),
  'feeds.previewFile': (caller) => caller.feeds.previewFile({ name: 'x.csv', text: '' }),
  'feeds.importFile': (caller) => caller.feeds.importFile({ name: 'x.csv', text: '' }),
  'feeds.exportFile': (caller) => caller.feeds.exportFile({ format: 'csv' }),
  'feeds.report': (caller) => caller.feeds.report({ runId: id }),
  'removals.list': (caller) => caller.removals.list({ which: 'open' }),
  'removals.decide': (caller) => caller.removals.decide({ id, verdict: 'refused', note: 'x' }),
  'removals.reopen': (caller) => caller.removals.reopen({ id }),
  'removals.eraseRecordings': (caller) => caller.removals.eraseRecordings({ id, name: 'x' }),
  'removals.eraseCamera': (caller) => caller.removals.eraseCamera({ id, name: 'x' }),
  'system.status': (caller) => caller.system.status(),
  'welcome.finish': (caller) => caller.welcome.finish(),
};
/** Writes that anybody may ask for: each proves in another way who is asking, or only puts a limited request before the operator. */
const openWrites = new Set(['identity.claimOwner', 'identity.signIn', 'identity.signOut', 'removals.request']);

test.each(Object.entries(ownersOnly))('%s needs the owner', async (_name, call) => {
  await expect(call(callAs({ type: 'anonymous' }))).rejects.toMatchObject({
    code: 'UNAUTHORIZED',
    cause: { code: 'UNAUTHENTICATED' },
  });
  await expect(call(callAs(anActor()))).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test('no write is forgotten in the list above', () => {
  const procedures: object = appRouter._def.procedures;
  const writes = Object.entries(procedures).filter(
    ([, procedure]: [string, { _def?: { type?: unknown } }]) => procedure._def?.type === 'mutation',
  );
  expect(writes.map(([name]) => name).filter((name) => !(name in ownersOnly) && !openWrites.has(name))).toEqual([]);
});

test('signing in over HTTP is refused: the id of a session is for the cookie alone', async () => {
  await expect(
    callAs({ type: 'anonymous' }).identity.signIn({ email: 'a@example.org', password: 'x' }),
  ).rejects.toMatchObject({ code: 'FORBIDDEN' });
});
