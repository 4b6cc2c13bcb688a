import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

import { afterEach, expect, test } from 'vitest';

import type { Actor } from '#server/contracts/identity.ts';
import { Limits } from '#server/platform/limits-counter.ts';
import { limits as table } from '#server/platform/limits.ts';
import { silentLog } from '#server/testing/factories.ts';

import { RequestLimits } from './request-limits.ts';

const limits = new Limits({ redisUrl: undefined, factor: 1, log: silentLog });
afterEach(() => limits.close());

const guarding = (actorOf: () => Actor) =>
  new RequestLimits({
    limits,
    actorOf: () => Promise.resolve(actorOf()),
    addressOf: () => '203.0.113.7',
    rateFactorOf: () => 1,
    restProcedure: () => null,
    onRefused: () => undefined,
  });

function aRequest() {
  const request = new IncomingMessage(new Socket());
  request.method = 'GET';
  request.headers.cookie = 'sensorium-guest=…';
  return { request, response: new ServerResponse(request) };
}

test('who takes another guest name at each request is still one client', async () => {
  const guests = guarding(() => ({ type: 'guest', guestId: crypto.randomUUID(), name: 'Guest' }));
  const ask = async () => {
    const { request, response } = aRequest();
    await guests.pass(request, response, 'api', '/api/v1/cameras');
  };
  for (let count = 0; count < table.api.points; count += 1) await ask();
  await expect(ask()).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
});
