import { decodeJwt, decodeProtectedHeader } from 'jose';
import { expect, test } from 'vitest';

import { callContext } from '#server/api/call-context.ts';
import { AppError } from '#server/platform/app-error.ts';
import { withChangeNote } from '#server/platform/change-note.ts';
import { silentLog } from '#server/testing/factories.ts';
import { tokenIssuer, tokenRooms } from '#server/testing/token-rooms.ts';

import { createAuthRouter } from './router.ts';

const rooms = tokenRooms();
const { from, now, later, login, whoIs, mayWrite, setLocked } = rooms;

test('a machine signs in, is who signed in, and an access token is over at its time', async () => {
  const { access_token: token, expires_in: seconds } = await login();
  expect(await whoIs(token)).toMatchObject({ userId: rooms.person.userId, credential: { kind: 'token' }, scope: null });
  expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', typ: 'at+jwt' });
  expect(decodeJwt(token)).toMatchObject({ iss: tokenIssuer, aud: 'sensorium', sub: rooms.person.userId });
  later(seconds + 1);
  expect(await whoIs(token)).toBeNull();
  await expect(
    rooms.tokens.machines.login({ username: rooms.person.email, password: 'wrong' }, from),
  ).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  });
});

test('the audit log tells of a sign-in as of the person who came in', async () => {
  const { note, value } = await withChangeNote(() => login());
  const [machine] = await rooms.tokens.machines.list(rooms.person);
  const { userId: id, name } = rooms.person;
  expect(note).toEqual({
    object: { type: 'user', id },
    person: { id, name, via: { kind: 'token', id: machine?.id } },
  });
  expect(decodeJwt(value.access_token)).toMatchObject({ fam: machine?.id });
});

test('a token narrowed at sign-in stays narrow after it is refreshed, and words that are no permission are refused', async () => {
  const first = await login('camera:view  stream:view');
  expect(first.scope).toBe('camera:view stream:view');
  later(1);
  const { access_token: token } = await rooms.tokens.machines.refresh(first.refresh_token, from);
  expect(mayWrite(await whoIs(token))).toBe(false);
  await expect(login('camera:drop')).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});

test('a refresh token works once; its second use ends the sign-in, for thief and owner alike, and the person is told', async () => {
  const first = await login();
  later(60);
  const second = await rooms.tokens.machines.refresh(first.refresh_token, from);
  expect(await whoIs(second.access_token)).not.toBeNull();
  later(60);
  await expect(rooms.tokens.machines.refresh(first.refresh_token, from)).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  });
  expect([await whoIs(first.access_token), await whoIs(second.access_token)]).toEqual([null, null]);
  await expect(rooms.tokens.machines.refresh(second.refresh_token, from)).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  });
  const told = await rooms.database.activityItem.findMany({
    where: { userId: rooms.person.userId, kind: 'token.reused' },
  });
  expect(told).toHaveLength(1);
  const audited = await rooms.database.auditEntry.findMany({ where: { action: 'token.reused' } });
  expect(audited.filter((entry) => JSON.stringify(entry.details).includes(rooms.person.userId))).toHaveLength(1);
});

test('two refreshes side by side by one client both get an answer, and one line of tokens goes on', async () => {
  const first = await login();
  later(1);
  const [one, two] = await Promise.all([1, 2].map(() => rooms.tokens.machines.refresh(first.refresh_token, from)));
  if (!one || !two) throw new Error('no answers');
  expect(one.refresh_token).not.toBe(two.refresh_token);
  later(20);
  const next = await rooms.tokens.machines.refresh(two.refresh_token, from);
  later(20);
  await expect(rooms.tokens.machines.refresh(one.refresh_token, from)).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  });
  expect(await whoIs(next.access_token)).toBeNull();
});

test('a lost answer is asked for again only at once, by the same client, and before anything came of it', async () => {
  const lost = await login();
  later(1);
  await rooms.tokens.machines.refresh(lost.refresh_token, from);
  later(5);
  await expect(rooms.tokens.machines.refresh(lost.refresh_token, from)).resolves.toMatchObject({
    token_type: 'Bearer',
  });

  const elsewhere = await login();
  later(1);
  const taken = await rooms.tokens.machines.refresh(elsewhere.refresh_token, from);
  await expect(
    rooms.tokens.machines.refresh(elsewhere.refresh_token, { ...from, ip: '198.51.100.9' }),
  ).rejects.toBeInstanceOf(AppError);
  expect(await whoIs(taken.access_token)).toBeNull();

  const goneOn = await login();
  later(1);
  const after = await rooms.tokens.machines.refresh(goneOn.refresh_token, from);
  later(1);
  await rooms.tokens.machines.refresh(after.refresh_token, from);
  await expect(rooms.tokens.machines.refresh(goneOn.refresh_token, from)).rejects.toBeInstanceOf(AppError);
});

test('a refresh token is over after seven days, and opens nothing for who is locked', async () => {
  const { refresh_token: token } = await login();
  await setLocked(now());
  await expect(rooms.tokens.machines.refresh(token, from)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  await setLocked(null);
  later(7 * 86_400 + 1);
  await expect(rooms.tokens.machines.refresh(token, from)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  const fresh = await login();
  later(1);
  await expect(rooms.tokens.machines.refresh(fresh.refresh_token, from)).resolves.toBeDefined();
  await expect(rooms.tokens.machines.refresh('snr_nothing-of-ours-at-all', from)).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  });
});

test('revoking is written down where there was something to revoke, and by no number of made-up tokens', async () => {
  const written: unknown[] = [];
  const audit = {
    append: async (_origin: object, entry: { object?: unknown }) => {
      written.push(entry.object);
    },
  };
  const nothing = async () => {
    throw new Error('is not asked');
  };
  const people = { signUps: { signUp: nothing }, passwords: { requestReset: nothing, reset: nothing } };
  const call = { door: 'http', requestId: 'r', ip: null, userAgent: null, log: silentLog } as const;
  const { revoke } = createAuthRouter(rooms.tokens, people).createCaller(
    callContext({ identity: rooms.identity, audit }, { ...call, actor: { type: 'anonymous' } }),
  );
  const { refresh_token: token } = await login();
  for (const made of ['snr_made-up-by-somebody', 'sns_aaaaaaaa_made-up-by-somebody', 'made.up.by-somebody-else'])
    await expect(revoke({ token: made })).resolves.toEqual({ status: 'revoked' });
  expect(written).toEqual([]);
  await revoke({ token });
  expect(written).toMatchObject([{ type: 'tokenFamily' }]);
});
