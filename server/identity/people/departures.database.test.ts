import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import sharp from 'sharp';
import { expect, test } from 'vitest';

import { accountExport } from '#server/contracts/account.ts';
import { aCameraInput, aSourcesService } from '#server/testing/factories.ts';
import { peopleRooms } from '#server/testing/people-rooms.ts';
import { aMail, aPassword, aPeople } from '#server/testing/people.ts';

const rooms = peopleRooms();
const minute = 60_000;

test("a person takes along all that is kept about them, without secrets and without what is others'", async () => {
  await using house = await aPeople(rooms.database);
  const actor = await house.aPerson({ roleId: 'operator' });
  const other = await house.aPerson({ name: 'Somebody Else' });
  const camera = await aSourcesService(rooms.database).create(actor, aCameraInput());
  const key = { id: randomUUID(), userId: actor.userId, name: 'a key', prefix: `sns_${randomUUID().slice(0, 8)}` };
  await rooms.database.apiKey.create({
    data: { ...key, secretHash: Buffer.from('secret hash'), permissions: ['camera:view'] },
  });
  const entry = {
    at: new Date(),
    outcome: 'done',
    ip: '192.0.2.9',
  };
  const entries = [
    { ...entry, action: 'cameras.create', actorType: 'user', actorId: actor.userId },
    {
      ...entry,
      action: 'users.lock',
      actorType: 'user',
      actorId: other.userId,
      actorName: 'Somebody Else',
      objectType: 'user',
      objectId: actor.userId,
    },
    { ...entry, action: 'cameras.delete', actorType: 'user', actorId: other.userId },
  ];
  await rooms.database.auditEntry.createMany({
    data: entries.map((one, at) => Object.assign(one, { prevHash: Uint8Array.of(at), hash: Uint8Array.of(at + 1) })),
  });
  const taken = await house.people.departures.export(actor);
  expect(accountExport.parse(taken)).toMatchObject({
    profile: { id: actor.userId, email: actor.email },
    roles: [{ roleId: 'operator', object: null }],
    sessions: [{ id: actor.credential.id }],
    keys: [{ prefix: key.prefix }],
    cameras: [{ id: camera.id }],
    audit: [
      { action: 'users.lock', ip: null },
      { action: 'cameras.create', ip: '192.0.2.9' },
    ],
  });
  const text = JSON.stringify(taken);
  for (const secret of ['argon2', 'secretHash', 'passwordHash', 'Somebody Else', other.userId])
    expect(text).not.toContain(secret);
});

test('whoever deletes their account is gone at once; their cameras stay, and so does the audit log', async () => {
  await using house = await aPeople(rooms.database);
  const actor = await house.aPerson({ roleId: 'operator' });
  const camera = await aSourcesService(rooms.database).create(actor, aCameraInput());
  const picture = sharp({ create: { width: 20, height: 20, channels: 3, background: '#804020' } }).png();
  await house.people.profiles.setPicture(actor, (await picture.toBuffer()).toString('base64'));
  const { userId } = actor;
  const key = { id: randomUUID(), userId, name: 'a key', prefix: `sns_${randomUUID().slice(0, 8)}`, permissions: [] };
  await rooms.database.apiKey.create({ data: { ...key, secretHash: Uint8Array.of(1) } });
  const family = await rooms.database.tokenFamily.create({ data: { id: randomUUID(), userId } });
  const other = await house.signInAs(actor.email);
  const { departures } = house.people;
  const wrong = departures.delete(actor, { email: aMail(), proof: {} }, house.from);
  await expect(wrong).rejects.toMatchObject({ code: 'BAD_REQUEST', details: { reason: 'otherAddress' } });
  house.clock.time += 11 * minute;
  const unproved = departures.delete(actor, { email: actor.email, proof: {} }, house.from);
  await expect(unproved).rejects.toMatchObject({ code: 'FORBIDDEN', details: { reason: 'proof' } });
  await departures.delete(actor, { email: actor.email.toUpperCase(), proof: { password: aPassword } }, house.from);
  for (const { credential } of [actor, other])
    expect(await house.identity.actorOf(credential.id)).toEqual({ type: 'anonymous' });
  for (const told of [
    { type: 'session.revoked', sessionId: other.credential.id, userId },
    { type: 'credential.revoked', kind: 'key', id: key.id, userId },
    { type: 'credential.revoked', kind: 'token', id: family.id, userId },
  ])
    expect(house.told).toContainEqual(told);
  expect(await rooms.database.apiKey.count({ where: { id: key.id } })).toBe(0);
  expect(await rooms.database.camera.findUnique({ where: { id: camera.id } })).toMatchObject({
    ownerId: null,
    deletedAt: null,
  });
  expect(await readdir(join(house.dir, 'pictures'))).toEqual([]);
  expect((await house.mailsTo(actor.email)).at(-1)?.subject).toContain('deleted');
  await expect(house.signInAs(actor.email)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('the last owner stays, also when the last two go side by side', async () => {
  await using house = await aPeople(rooms.database);
  const owners = await Promise.all([house.aPerson({ roleId: 'owner' }), house.aPerson({ roleId: 'owner' })]);
  const leave = (owner: (typeof owners)[number]) =>
    house.people.departures.delete(owner, { email: owner.email, proof: {} }, house.from);
  const outcomes = await Promise.allSettled(owners.map(leave));
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'CONFLICT', details: { reason: 'lastOwner' } },
  });
  expect(await rooms.database.userRole.count({ where: { roleId: 'owner' } })).toBe(1);
});
