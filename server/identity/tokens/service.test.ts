import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import { AppError } from '#server/platform/app-error.ts';
import { tokenRooms } from '#server/testing/token-rooms.ts';

const rooms = tokenRooms();
const { from, later, aPerson, aKey, login, whoIs } = rooms;

test('a revoked sign-in is over at once: by its token, by its person, and with all others', async () => {
  const [one, two, three] = [await login(), await login(), await login()];
  await rooms.tokens.revokeGiven(one.refresh_token);
  expect(await whoIs(one.access_token)).toBeNull();
  await rooms.tokens.revokeGiven(two.access_token);
  await expect(rooms.tokens.machines.refresh(two.refresh_token, from)).rejects.toBeInstanceOf(AppError);
  const [left, ...none] = await rooms.tokens.machines.list(rooms.person);
  expect(none).toEqual([]);
  await expect(rooms.tokens.machines.revoke(await aPerson([]), left?.id ?? '')).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  await rooms.tokens.machines.revoke(rooms.person, left?.id ?? '');
  expect([await whoIs(three.access_token), await rooms.tokens.machines.list(rooms.person)]).toEqual([null, []]);
  const { key, secret } = await aKey(['*']);
  await rooms.tokens.revokeGiven(secret.replace(/.$/, secret.endsWith('0') ? '1' : '0'));
  expect(await whoIs(secret)).not.toBeNull();
  await rooms.tokens.revokeGiven(secret);
  expect([await whoIs(secret), key.revokedAt]).toEqual([null, null]);
});

test('a ticket opens one WebSocket, within 30 s, as who asked for it, while they still may', async () => {
  const { secret, key } = await aKey(['camera:view']);
  const agent = await whoIs(secret);
  if (!agent) throw new Error('the key is not taken');
  const { ticket } = await rooms.tokens.issueWsTicket(agent);
  const [first, second] = await Promise.all([rooms.tokens.redeemWsTicket(ticket), rooms.tokens.redeemWsTicket(ticket)]);
  expect([first, second].filter((actor) => actor !== null)).toEqual([agent]);
  const late = await rooms.tokens.issueWsTicket(agent);
  later(31);
  expect(await rooms.tokens.redeemWsTicket(late.ticket)).toBeNull();
  const dead = await rooms.tokens.issueWsTicket(agent);
  await rooms.tokens.keys.revoke(rooms.person, key.id);
  expect(await rooms.tokens.redeemWsTicket(dead.ticket)).toBeNull();
  expect(await rooms.tokens.redeemWsTicket('snw_nothing')).toBeNull();
  await expect(rooms.tokens.issueWsTicket({ type: 'anonymous' })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  const guest = { type: 'guest', guestId: randomUUID(), name: 'Guest' } as const;
  expect(await rooms.tokens.redeemWsTicket((await rooms.tokens.issueWsTicket(guest)).ticket)).toEqual(guest);
});
