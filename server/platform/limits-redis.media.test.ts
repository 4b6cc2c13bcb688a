import { expect, test, vi } from 'vitest';

import { silentLog } from '#server/testing/factories.ts';
import { aRedis } from '#server/testing/redis-double.ts';

import { Limits } from './limits-counter.ts';
import { limits as table } from './limits.ts';

const patient = { timeout: 20_000, interval: 50 };

/** Two gateways, as they share a Redis. */
async function twoGateways() {
  const redis = await aRedis();
  const gateways = [redis.url, redis.url].map((redisUrl) => new Limits({ redisUrl, factor: 1, log: silentLog }));
  const [one, other] = gateways;
  if (!one || !other) throw new Error('two were made');
  const leftAt = async (gateway: Limits, points = 1) =>
    (await gateway.take('api', { client: 'user:a', points })).remaining;
  // The first counts lie in the process until Redis is reached.
  await vi.waitFor(async () => {
    await Promise.all([leftAt(one), leftAt(other)]);
    expect(redis.counts.get('limit:api:user:a')?.value ?? 0).toBeGreaterThan(1);
  }, patient);
  redis.counts.clear();
  return { redis, one, other, leftAt, close: () => gateways.forEach((gateway) => gateway.close()) };
}

test('gateways count together in Redis, and a count that is cleared is cleared for all', async () => {
  const { redis, one, other, leftAt, close } = await twoGateways();
  expect(await leftAt(one, 400)).toBe(600);
  expect(await leftAt(other, 400)).toBe(200);
  await expect(leftAt(one, 400)).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  await one.clear('api', 'user:a');
  expect(await leftAt(other)).toBe(table.api.points - 1);
  await expect(one.check('badCredential', 'ip:192.0.2.1')).resolves.toBeUndefined();
  close();
  await redis.away();
});

test('while Redis is away each gateway counts for itself, and nobody waits for it', async () => {
  const { redis, one, leftAt, close } = await twoGateways();
  await leftAt(one, 999);
  await redis.away();
  const began = performance.now();
  await vi.waitFor(async () => expect(await leftAt(one, 10)).toBeGreaterThan(500), patient);
  expect(performance.now() - began).toBeLessThan(2000);
  await redis.back();
  await vi.waitFor(async () => {
    await leftAt(one, 1).catch(() => null);
    expect(redis.counts.get('limit:api:user:a')?.value ?? 0).toBeGreaterThan(999);
  }, patient);
  close();
  await redis.away();
});

test('a Redis that hangs is waited for once, said, and asked again when it goes on', async () => {
  const { redis, one, leftAt, close } = await twoGateways();
  expect(one.isAlone).toBe(false);
  redis.hang();
  expect(await leftAt(one)).toBeGreaterThan(990);
  expect(one.isAlone).toBe(true);
  const began = performance.now();
  for (let turn = 0; turn < 20; turn += 1) await leftAt(one);
  expect(performance.now() - began).toBeLessThan(250);
  redis.goOn();
  await vi.waitFor(async () => {
    await leftAt(one);
    expect(one.isAlone).toBe(false);
  }, patient);
  close();
  await redis.away();
});
