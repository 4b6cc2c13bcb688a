import { randomUUID } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { accessRooms } from '#server/testing/access-rooms.ts';

import { revokeSessions } from '../sign-in/store.ts';

const rooms = accessRooms();
const from = { ip: '192.0.2.1', userAgent: 'a browser' };

describe('looking as somebody else', () => {
  test('shows what they see for half an hour, and ends with the admin, the right, or the sign-out', async () => {
    const { access, pass } = rooms.house;
    const [admin, person] = [await rooms.aPerson(['admin']), await rooms.aPerson(['viewer'])];
    const { cookie } = await access.views.begin(admin.actor, person.id, from);
    const look = async (value = cookie.value) => access.views.actorOf(await admin.again(), value);
    expect(await look()).toMatchObject({ userId: person.id, viewedBy: admin.id });
    pass(31 * 60_000);
    expect(await look()).toMatchObject({ userId: admin.id, viewedBy: null });

    const second = await access.views.begin(admin.actor, person.id, from);
    expect(await look(second.cookie.value)).toMatchObject({ userId: person.id });
    await rooms.database.session.update({ where: { id: second.cookie.value }, data: { revokedAt: new Date() } });
    rooms.house.events.publish({ type: 'session.revoked', sessionId: second.cookie.value, userId: person.id });
    expect(await access.views.actorOf(admin.actor, second.cookie.value)).toMatchObject({ userId: admin.id });

    const third = await access.views.begin(admin.actor, person.id, from);
    await rooms.database.userRole.deleteMany({ where: { userId: admin.id } });
    rooms.house.events.publish({ type: 'user.changed', userId: admin.id });
    expect(await access.views.actorOf(await admin.again(), third.cookie.value)).toMatchObject({ userId: admin.id });
  });

  test('is not for an owner’s eyes, nor for keys, nor for who found the cookie', async () => {
    const { access } = rooms.house;
    const [owner, admin, person] = [
      await rooms.aPerson(['owner']),
      await rooms.aPerson(['admin']),
      await rooms.aPerson(),
    ];
    await expect(access.views.begin(admin.actor, owner.id, from)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(access.views.begin(owner.actor, admin.id, from)).resolves.toMatchObject({ name: 'Somebody' });
    const byKey = { ...admin.actor, credential: { kind: 'key' as const, id: randomUUID() } };
    await expect(access.views.begin(byKey, person.id, from)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const { cookie } = await access.views.begin(admin.actor, person.id, from);
    const finders = [await rooms.aPerson(['admin']), await rooms.aPerson(['owner']), await rooms.aPerson()];
    for (const finder of finders)
      expect(await access.views.actorOf(finder.actor, cookie.value)).toMatchObject({ userId: finder.id });
    expect(await access.views.actorOf({ type: 'anonymous' }, cookie.value)).toEqual({ type: 'anonymous' });
    // A session of the person themselves is no look.
    expect(await access.views.actorOf(admin.actor, person.sessionId)).toMatchObject({ userId: admin.id });
    expect(await access.views.actorOf(admin.actor, 'made up')).toMatchObject({ userId: admin.id });
    // Who rises meanwhile above the admin is looked at no more.
    await rooms.database.userRole.create({ data: { id: randomUUID(), userId: person.id, roleId: 'owner' } });
    rooms.house.events.publish({ type: 'user.changed', userId: person.id });
    expect(await access.views.actorOf(admin.actor, cookie.value)).toMatchObject({ userId: admin.id });
  });

  test('is over for what it opened beside the cookie too, once the admin may not look, is locked or signs out', async () => {
    const { access, identity, events, database } = rooms.house;
    const losses: ((admin: { id: string }) => Promise<unknown>)[] = [
      ({ id }) => database.userRole.deleteMany({ where: { userId: id } }),
      ({ id }) => database.user.update({ where: { id }, data: { lockedAt: new Date() } }),
      ({ id }) => database.user.delete({ where: { id } }),
    ];
    for (const lose of losses) {
      const [admin, person] = [await rooms.aPerson(['admin']), await rooms.aPerson(['viewer'])];
      const { cookie } = await access.views.begin(admin.actor, person.id, from);
      // As the media door asks of an answer that runs.
      const runs = async () => (await identity.actorOf(cookie.value)).type;
      expect(await runs()).toBe('user');
      await lose(admin);
      events.publish({ type: 'user.changed', userId: admin.id });
      expect(await runs()).toBe('anonymous');
      expect(await person.again()).toMatchObject({ userId: person.id });
    }
    const [admin, person] = [await rooms.aPerson(['admin']), await rooms.aPerson(['admin'])];
    const [mine, theirs] = [
      await access.views.begin(admin.actor, person.id, from),
      await access.views.begin(person.actor, admin.id, from),
    ];
    // Signing out of the look leaves the looks of the person who was looked as alone.
    expect(await revokeSessions(database, { userId: person.id, id: mine.cookie.value }, new Date())).toEqual([
      mine.cookie.value,
    ]);
    const ended = await revokeSessions(database, { userId: person.id, id: person.sessionId }, new Date());
    expect(ended.toSorted()).toEqual([person.sessionId, theirs.cookie.value].toSorted());
  });
});
