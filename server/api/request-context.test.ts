import { randomUUID } from 'node:crypto';

import { encode } from 'next-auth/jwt';
import { expect, test } from 'vitest';

import type { Actor } from '#server/contracts/identity.ts';
import { anActor } from '#server/testing/factories.ts';

import { createActorOf, presentedBy, type Presented } from './request-context.ts';

const secret = 'auth secret of this test';
const sessionId = randomUUID();
const [person, machine] = [anActor({ name: 'in the browser' }), anActor({ name: 'by key' })];
const guest = { type: 'guest', guestId: randomUUID(), name: 'Guest' } as const;
const key = 'a-good-key';

const options = {
  identity: { actorOf: async (id: string): Promise<Actor> => (id === sessionId ? person : { type: 'anonymous' }) },
  tokens: { actorOfToken: async (token: string) => (token === key ? machine : null) },
  // Nobody looks at the house as somebody else here.
  access: { views: { actorOf: async (actor: Actor) => actor } },
  readGuest: async (token: string) => (token === 'a-guest' ? guest : null),
  secret,
} satisfies Omit<Parameters<typeof createActorOf>[0], 'tls'>;
const actorOf = createActorOf({ ...options, tls: false });
const cookieOf = async (over: { sid?: string; secret?: string } = {}) =>
  `next-auth.session-token=${await encode({ token: { sid: over.sid ?? sessionId }, secret: over.secret ?? secret })}`;
const ask = (presented: Partial<Presented>) =>
  actorOf({ authorization: null, apiKey: null, cookie: null, ip: null, ...presented });

test('what a machine shows goes before the cookie, and a wrong one is refused instead of it', async () => {
  const cookie = `${await cookieOf()}; sensorium-guest=a-guest`;
  expect(await ask({ cookie })).toBe(person);
  expect(await ask({ cookie, authorization: `bEaReR  ${key} ` })).toBe(machine);
  expect(await ask({ cookie, apiKey: key })).toBe(machine);
  expect(await ask({ cookie, apiKey: 'wrong', authorization: `Bearer ${key}` })).toBe(machine);
  const wrong = [
    { authorization: 'Bearer' },
    { authorization: 'Bearer ' },
    { authorization: `Bearer ${key} ${key}` },
    { authorization: 'Bearer wrong', apiKey: key },
    { apiKey: '' },
    { apiKey: 'wrong' },
  ];
  for (const shown of wrong) await expect(ask({ cookie, ...shown })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('another scheme is the matter of a proxy in front: the cookie is asked as if it were not there', async () => {
  const cookie = await cookieOf();
  expect(await ask({ cookie, authorization: 'Basic dXNlcjpwYXNz' })).toBe(person);
  expect(await ask({ authorization: 'Bearerish x' })).toEqual({ type: 'anonymous' });
});

test('a cookie of another house, of nobody, or damaged is nobody; a guest is who is left', async () => {
  const foreign = await cookieOf({ secret: 'auth secret of another house' });
  for (const cookie of [foreign, await cookieOf({ sid: randomUUID() }), 'next-auth.session-token=x', 'a', ';=;', '']) {
    expect(await ask({ cookie })).toEqual({ type: 'anonymous' });
    expect(await ask({ cookie: `${cookie}; sensorium-guest=a-guest` })).toBe(guest);
  }
  expect(await ask({ cookie: 'sensorium-guest=forged' })).toEqual({ type: 'anonymous' });
  expect(await ask({})).toEqual({ type: 'anonymous' });
});

test('over TLS only the names count that a browser takes from this host over TLS alone, without it only the plain ones', async () => {
  const overTls = createActorOf({ ...options, tls: true });
  const nothing = { authorization: null, apiKey: null, ip: null };
  const session = await cookieOf();
  for (const cookie of [
    session,
    `__Secure-${session}`,
    'sensorium-guest=a-guest',
    `${session}; sensorium-guest=a-guest`,
  ])
    expect(await overTls({ ...nothing, cookie })).toEqual({ type: 'anonymous' });
  expect(await overTls({ ...nothing, cookie: `__Host-${session}` })).toBe(person);
  expect(await overTls({ ...nothing, cookie: '__Host-sensorium-guest=a-guest' })).toBe(guest);
  expect(await ask({ cookie: `__Host-${session}` })).toEqual({ type: 'anonymous' });
});

test('headers are read as they come', () => {
  const headers = { authorization: 'Bearer a', 'x-api-key': ['b', 'c'], cookie: 'd=e' };
  expect(presentedBy({ headers }, '192.0.2.1')).toEqual({
    authorization: 'Bearer a',
    apiKey: 'b',
    cookie: 'd=e',
    ip: '192.0.2.1',
  });
});
