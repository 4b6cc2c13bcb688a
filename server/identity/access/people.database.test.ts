import { randomUUID } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { accessRooms } from '#server/testing/access-rooms.ts';

const rooms = accessRooms();
const page = { limit: 50 };

describe('people', () => {
  test('are found by words, role and lock, and paged through newest first', async () => {
    const { access } = rooms.house;
    const { actor } = await rooms.aPerson(['admin'], { name: 'Root' });
    for (const name of ['Aya Tanaka', 'Aya Sato', '100% Ken', 'Ken Aya']) await rooms.aPerson(['viewer'], { name });
    const names = async (query: object) =>
      (await access.people.list(actor, { ...page, ...query })).items.map(({ name }) => name);
    expect((await names({ query: 'aya' })).toSorted()).toEqual(['Aya Sato', 'Aya Tanaka', 'Ken Aya']);
    expect(await names({ query: 'AYA tanaka' })).toEqual(['Aya Tanaka']);
    expect(await names({ query: '%' })).toEqual(['100% Ken']);
    expect(await names({ role: 'admin' })).toEqual(['Root']);
    expect(await names({ locked: true })).toEqual([]);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const part = await access.people.list(actor, { limit: 2, ...(cursor !== undefined && { cursor }) });
      seen.push(...part.items.map(({ id }) => id));
      cursor = part.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
    await expect(access.people.list(actor, { ...page, cursor: 'made up' })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    });
  });

  test('who is locked is out at once by every way, and in again by none of the old sessions', async () => {
    const { access, database, told } = rooms.house;
    const [admin, person] = [await rooms.aPerson(['admin']), await rooms.aPerson(['viewer'])];
    const family = randomUUID();
    const key = randomUUID();
    await database.tokenFamily.create({ data: { id: family, userId: person.id, scope: [] } });
    await database.apiKey.create({
      data: { id: key, userId: person.id, name: 'k', prefix: `sns_${key.slice(0, 8)}`, secretHash: Buffer.from(key) },
    });
    expect(await person.again()).toMatchObject({ type: 'user' });
    const row = await access.people.lock(admin.actor, { id: person.id, reason: 'left the company' });
    expect(row).toMatchObject({ lockedReason: 'left the company', sessions: 0 });
    expect(await person.again()).toEqual({ type: 'anonymous' });
    const credential = { kind: 'key' as const, id: key };
    expect(await rooms.house.identity.personActor(person.id, { credential, scope: null })).toBeNull();
    expect(told).toEqual(
      expect.arrayContaining([
        { type: 'session.revoked', sessionId: person.sessionId, userId: person.id },
        { type: 'credential.revoked', kind: 'token', id: family, userId: person.id },
        { type: 'credential.revoked', kind: 'key', id: key, userId: person.id },
        { type: 'user.locked', userId: person.id },
      ]),
    );
    await access.people.unlock(admin.actor, person.id);
    expect(await person.again()).toEqual({ type: 'anonymous' });
    expect(await rooms.house.identity.personActor(person.id, { credential, scope: null })).toMatchObject({
      userId: person.id,
    });
  });

  test('are signed out everywhere, and sent a link that nobody else gets', async () => {
    const { access, resets } = rooms.house;
    const [admin, person] = [await rooms.aPerson(['admin']), await rooms.aPerson()];
    expect(await access.people.sessions(admin.actor, person.id)).toMatchObject([
      { id: person.sessionId, current: false },
    ]);
    expect(await access.people.signOut(admin.actor, person.id)).toEqual({ sessions: 1, tokens: 0 });
    expect(await person.again()).toEqual({ type: 'anonymous' });
    await access.people.sendReset(admin.actor, person.id);
    expect(resets).toEqual([`${person.id}@example.org`]);
  });

  test('who waits because of failed tries is listed and let go', async () => {
    const { access, database } = rooms.house;
    const { actor } = await rooms.aPerson(['admin']);
    for (let at = 0; at < 3; at += 1)
      await database.signInFailure.create({
        data: { key: `email ${at}`, failures: 9, lastAt: new Date(Date.now() + at) },
      });
    const first = await access.people.locks(actor, { limit: 2 });
    expect(first.items.map(({ key }) => key)).toEqual(['email 2', 'email 1']);
    const rest = await access.people.locks(actor, { limit: 2, cursor: first.nextCursor ?? '' });
    expect(rest).toMatchObject({ items: [{ key: 'email 0' }], nextCursor: null });
    await access.people.clearLock(actor, 'email 1');
    await expect(access.people.clearLock(actor, 'email 1')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('the lock of somebody who stands above is not for who stands below to clear, by whichever name it was made', async () => {
    const { access, database } = rooms.house;
    const [owner, admin, viewer] = [
      await rooms.aPerson(['owner']),
      await rooms.aPerson(['admin']),
      await rooms.aPerson(['viewer']),
    ];
    const keysOf = (id: string) => [`email ${id}@example.org`, `name U-${id}`.toLowerCase()];
    const lock = (key: string) => database.signInFailure.create({ data: { key, failures: 10, lastAt: new Date() } });
    for (const key of [...keysOf(owner.id), ...keysOf(viewer.id), 'network 192.0.2.0/24', 'email nobody@example.org'])
      await lock(key);
    for (const key of keysOf(owner.id))
      await expect(access.people.clearLock(admin.actor, key)).rejects.toMatchObject({
        code: 'FORBIDDEN',
        details: { reason: 'moreThanHeld' },
      });
    for (const key of [...keysOf(viewer.id), 'network 192.0.2.0/24', 'email nobody@example.org'])
      await access.people.clearLock(admin.actor, key);
    for (const key of keysOf(owner.id)) await access.people.clearLock(owner.actor, key);
    expect(await database.signInFailure.count()).toBe(0);
  });

  test('a network whose tries were all good is no failed sign-in', async () => {
    const { access, database } = rooms.house;
    const { actor } = await rooms.aPerson(['admin']);
    const [lastAt, bad] = [new Date(), 'network 192.0.2.0/24'];
    await database.signInFailure.create({ data: { key: 'network 198.51.100.0/24', failures: 0, lastAt } });
    await database.signInFailure.create({ data: { key: bad, failures: 1, lastAt } });
    expect((await access.people.locks(actor, { limit: 50 })).items.map(({ key }) => key)).toEqual([bad]);
  });
});
