import { expect, test } from 'vitest';

import { silentLog } from '#server/testing/factories.ts';

import { ConnectionBudget } from './limits-connection.ts';
import { LimitReached, Limits } from './limits-counter.ts';
import { RefusedClients } from './limits-refused.ts';
import { SeenClients } from './limits-seen.ts';
import { limits as table } from './limits.ts';

const aLimits = (factor = 1) => new Limits({ redisUrl: undefined, factor, log: silentLog });

async function refusalOf(work: Promise<unknown>): Promise<LimitReached> {
  const error: unknown = await work.then(
    () => null,
    (cause: unknown) => cause,
  );
  if (!(error instanceof LimitReached)) throw new Error('nobody was refused');
  return error;
}

test('the request after the last one is refused, with the time to wait, and other clients are not', async () => {
  const limits = aLimits();
  const all = await limits.take('api', { client: 'ip:192.0.2.1', points: table.api.points });
  expect(all).toEqual({ limit: 1000, remaining: 0, resetSeconds: 60 });
  const refusal = await refusalOf(limits.take('api', { client: 'ip:192.0.2.1' }));
  expect(refusal).toMatchObject({ code: 'TOO_MANY_REQUESTS', status: 429, allowance: { remaining: 0 } });
  expect(refusal.details['retryAfterSeconds']).toBeGreaterThan(50);
  expect(await limits.take('api', { client: 'ip:192.0.2.2' })).toMatchObject({ remaining: 999 });
});

test('a key may do as many times more as its factor says, and so may everybody by the operator', async () => {
  const limits = aLimits(2);
  expect(await limits.take('api', { client: 'key:a', factor: 5 })).toMatchObject({ limit: 10_000, remaining: 9999 });
  expect(await limits.take('signIn', { client: 'ip:192.0.2.1' })).toMatchObject({ limit: 120 });
});

test('what was only known afterwards refuses what comes next', async () => {
  const limits = aLimits();
  await limits.add('media', { client: 'ip:192.0.2.1', points: table.media.points + 1 });
  await expect(limits.take('media', { client: 'ip:192.0.2.1' })).rejects.toBeInstanceOf(LimitReached);
});

test('bad credentials shut out the network they come from, before anything is looked up', async () => {
  const limits = aLimits();
  const check = () => limits.check('badCredential', 'ip:192.0.2.1');
  await limits.take('badCredential', { client: 'ip:192.0.2.1', points: 60 });
  await expect(check()).resolves.toBeUndefined();
  await refusalOf(limits.take('badCredential', { client: 'ip:192.0.2.1' }));
  await expect(check()).rejects.toBeInstanceOf(LimitReached);
});

test('an admin sees who was refused and lets them in again', async () => {
  const limits = aLimits(0.01);
  await limits.take('api', { client: 'ip:192.0.2.1', points: 10 });
  await refusalOf(limits.take('api', { client: 'ip:192.0.2.1' }));
  await refusalOf(limits.take('api', { client: 'ip:192.0.2.1' }));
  expect(limits.refused()).toMatchObject([{ limit: 'api', client: 'ip:192.0.2.1', refused: 2 }]);
  await limits.clear('api', 'ip:192.0.2.1');
  expect(limits.refused()).toEqual([]);
  expect(await limits.take('api', { client: 'ip:192.0.2.1' })).toMatchObject({ remaining: 9 });
});

test('the list of the refused is bounded, the latest stay, and those who waited are left out', () => {
  const refused = new RefusedClients();
  const now = new Date();
  const resetsAt = new Date(now.getTime() + 60_000);
  for (let index = 0; index < 1500; index += 1) refused.note('api', `ip:${index}`, { now, resetsAt });
  const list = refused.list(now);
  expect(list).toHaveLength(1000);
  expect(list[0]?.client).toBe('ip:1499');
  expect(refused.list(resetsAt)).toEqual([]);
});

test('very many addresses share counts, so that they can not fill the memory', async () => {
  const limits = aLimits();
  const seen = new Set<number>();
  for (let index = 0; index < 101_000; index += 1) {
    const { remaining } = await limits.take('page', { client: `ip:n${index}` });
    if (index >= 100_000) seen.add(remaining);
  }
  expect(Math.min(...seen)).toBeLessThan(table.page.points - 1);
}, 20_000);

test('a network keeps its count as long as the limit counts it, and a flood at one limit crowds no other', () => {
  const seen = new SeenClients();
  const begun = Date.now();
  expect(seen.countedAs('mail', 'ip:first', begun)).toBe('ip:first');
  for (let index = 0; index < 100_000; index += 1) seen.countedAs('mail', `ip:n${index}`, begun + 1);
  // An hour of mail, not a minute of requests.
  for (const later of [1, 61_000, 3_599_000]) {
    expect(seen.countedAs('mail', 'ip:first', begun + later)).toBe('ip:first');
    expect(seen.countedAs('mail', 'ip:late', begun + later)).toMatch(/^crowd:/);
    expect(seen.countedAs('page', 'ip:late', begun + later)).toBe('ip:late');
  }
  expect(seen.countedAs('mail', 'ip:late', begun + 3_600_000)).toBe('ip:late');
});

test('a connection says a hundred control messages a minute, and again in the next', () => {
  let now = 0;
  const budget = new ConnectionBudget('websocket', { now: () => now });
  expect(Array.from({ length: 100 }, () => budget.take()).every((wait) => wait === null)).toBe(true);
  now = 45_000;
  expect(budget.take()).toBe(15);
  now = 60_000;
  expect(budget.take()).toBeNull();
});
