import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

import { afterEach, expect, test } from 'vitest';

import type { Actor } from '#server/contracts/identity.ts';
import { AppError } from '#server/platform/app-error.ts';
import { Limits } from '#server/platform/limits-counter.ts';
import { limits as table } from '#server/platform/limits.ts';
import { anActor, silentLog } from '#server/testing/factories.ts';

import { TokenRefused } from './media-guard.ts';
import { RequestLimits } from './request-limits.ts';

const limits = new Limits({ redisUrl: undefined, factor: 1, log: silentLog });
afterEach(() => limits.close());

const guarding = (actorOf: () => Actor, rateFactorOf: (keyId: string) => number = () => 1) =>
  new RequestLimits({
    limits,
    actorOf: () => Promise.resolve(actorOf()),
    addressOf: () => '203.0.113.7',
    rateFactorOf,
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

test('a hundred keys of one person are no hundred clients, but one that the operator raised counts for itself', async () => {
  const raised = crypto.randomUUID();
  const person = anActor();
  let keyId = '';
  const keys = guarding(
    () => ({ ...person, credential: { kind: 'key', id: keyId } }),
    (id) => (id === raised ? 10 : 1),
  );
  const ask = async (id: string) => {
    keyId = id;
    const { request, response } = aRequest();
    await keys.pass(request, response, 'api', '/api/v1/cameras');
    return response;
  };
  const ceiling = table.api.ofPerson;
  const many = Array.from({ length: 100 }, () => crypto.randomUUID());
  for (let count = 0; count < ceiling; count += 1) await ask(many[count % many.length] ?? '');
  await expect(ask(crypto.randomUUID())).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  expect((await ask(raised)).getHeader('ratelimit-remaining')).toBe(10 * table.api.points - 1);
});

const media = guarding(() => ({ type: 'anonymous' }));
const mediaRequest = (url: string, headers: Record<string, string> = {}) => {
  const { request, response } = aRequest();
  return Object.assign(request, { url, headers }) && { request, response };
};
const invalid = new AppError('UNAUTHENTICATED', { message: 'bad key', details: { reason: 'invalid_token' } });

test.each([
  ['a key', '/media/x/index.m3u8', { 'x-api-key': 'wrong' }, invalid],
  ['a token in the path', '/media/~forged/x/index.m3u8', {}, new TokenRefused({ isForged: true })],
  ['a token in the query', '/media/x/index.m3u8?token=forged', {}, new TokenRefused({ isForged: true })],
])(
  'who guesses %s at the media door is not looked up for long',
  async (_what, url, headers: Record<string, string>, thrown) => {
    await limits.clear('badCredential', 'ip:203.0.113.7');
    let looked = 0;
    const guess = () => {
      const { request, response } = mediaRequest(url, headers);
      return media.passMedia(request, response, () => {
        looked += 1;
        return Promise.reject(thrown);
      });
    };
    for (let count = 0; count < table.badCredential.points; count += 1) await expect(guess()).rejects.toBe(thrown);
    await expect(guess()).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    await expect(guess()).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    expect(looked).toBe(table.badCredential.points + 1);
    // Whoever shows nothing is asked for something as before.
    const { request, response } = mediaRequest('/media/x/index.m3u8');
    await expect(media.passMedia(request, response, () => Promise.resolve())).resolves.toBeUndefined();
  },
);

test('a player whose own token is over does not shut out who shares its network', async () => {
  await limits.clear('badCredential', 'ip:203.0.113.7');
  const over = new TokenRefused({ isForged: false });
  for (let count = 0; count < 2 * table.badCredential.points; count += 1) {
    const { request, response } = mediaRequest('/media/~ours/x/index.m3u8');
    await expect(media.passMedia(request, response, () => Promise.reject(over))).rejects.toBe(over);
  }
});
