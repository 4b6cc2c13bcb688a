import { randomUUID } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { userId } from '#server/contracts/ids.ts';
import { accessRooms } from '#server/testing/access-rooms.ts';
import { aCameraInput } from '#server/testing/factories.ts';

const rooms = accessRooms();
const from = { ip: '192.0.2.1', userAgent: 'a browser' };

describe('giving and taking', () => {
  test('only an owner makes and unmakes owners', async () => {
    const { access } = rooms.house;
    const [owner, admin, person] = [
      await rooms.aPerson(['owner']),
      await rooms.aPerson(['admin']),
      await rooms.aPerson(),
    ];
    const give = { userId: person.id, roleId: 'owner', object: null };
    await expect(access.grants.give(admin.actor, give)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const heldId = await rooms.heldBy(owner.id, 'owner');
    await expect(access.grants.take(admin.actor, { userId: owner.id, heldId })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await access.grants.give(owner.actor, give);
    expect(await person.again()).toMatchObject({ isOwner: true });
    await access.grants.take(owner.actor, { userId: owner.id, heldId });
    expect(await owner.again()).toMatchObject({ isOwner: false });
  });

  test('the last owner is neither taken nor locked, and two who take each other leave one', async () => {
    const { access } = rooms.house;
    const [one, two] = [await rooms.aPerson(['owner']), await rooms.aPerson(['owner'])];
    const outcomes = await Promise.allSettled([
      access.grants.take(one.actor, { userId: two.id, heldId: await rooms.heldBy(two.id, 'owner') }),
      access.grants.take(two.actor, { userId: one.id, heldId: await rooms.heldBy(one.id, 'owner') }),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const [left] = await rooms.database.userRole.findMany({ where: { roleId: 'owner' } });
    const last = left?.userId === one.id ? one : two;
    await expect(
      access.grants.take(last.actor, { userId: last.id, heldId: await rooms.heldBy(last.id, 'owner') }),
    ).rejects.toMatchObject({ code: 'CONFLICT', details: { reason: 'lastOwner' } });
    // A locked owner can't rule: they do not count.
    const other = await rooms.aPerson(['owner']);
    await access.people.lock(other.actor, { id: last.id, reason: 'away' });
    await expect(
      access.grants.take(other.actor, { userId: other.id, heldId: await rooms.heldBy(other.id, 'owner') }),
    ).rejects.toMatchObject({ details: { reason: 'lastOwner' } });
    await expect(access.people.lock(other.actor, { id: other.id, reason: 'x' })).rejects.toMatchObject({
      details: { reason: 'self' },
    });
  });

  test('nobody gives or takes more than they hold, for everything or for one object', async () => {
    const { access, sources } = rooms.house;
    const person = await rooms.aPerson(['operator']);
    const { actor } = await rooms.aPerson(['viewer'], { permissions: ['role:admin', 'user:admin'] });
    const camera = await sources.create({ type: 'system' }, aCameraInput());
    const object = { type: 'camera', id: camera.id };
    await access.grants.give(actor, { userId: person.id, roleId: 'viewer', object: null });
    await access.grants.give(actor, { userId: person.id, roleId: 'viewer', object });
    for (const roleId of ['operator', 'admin', 'owner', 'creator'])
      await expect(access.grants.give(actor, { userId: person.id, roleId, object: null })).rejects.toMatchObject({
        code: 'FORBIDDEN',
      });
    await expect(access.grants.give(actor, { userId: person.id, roleId: 'operator', object })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    const heldId = await rooms.heldBy(person.id, 'operator');
    await expect(access.grants.take(actor, { userId: person.id, heldId })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    for (const act of [
      () => access.people.lock(actor, { id: person.id, reason: 'x' }),
      () => access.people.signOut(actor, person.id),
      () => access.people.sendReset(actor, person.id),
      () => access.views.begin(actor, person.id, from),
    ])
      await expect(act()).rejects.toMatchObject({ code: 'FORBIDDEN', details: { reason: 'moreThanHeld' } });
    // A key that is narrower than its person gives no more than the key itself.
    const owner = await rooms.aPerson(['owner']);
    const byKey = { ...owner.actor, scope: { permissions: ['role:admin', 'camera:view'], objects: null } };
    await expect(access.grants.give(byKey, { userId: person.id, roleId: 'admin', object: null })).rejects.toMatchObject(
      { code: 'FORBIDDEN' },
    );
  });

  test('one person holds a bounded number of them, given at the same moment too', async () => {
    const { access, sources } = rooms.house;
    const [{ actor }, person] = [await rooms.aPerson(['admin']), await rooms.aPerson()];
    await rooms.database.userRole.createMany({
      data: Array.from({ length: 499 }, () => ({
        id: randomUUID(),
        userId: person.id,
        roleId: 'viewer',
        objectType: 'camera',
        objectId: randomUUID(),
      })),
    });
    const cameras = await Promise.all([1, 2, 3].map(() => sources.create({ type: 'system' }, aCameraInput())));
    const outcomes = await Promise.allSettled(
      cameras.map(({ id }) =>
        access.grants.give(actor, { userId: person.id, roleId: 'operator', object: { type: 'camera', id } }),
      ),
    );
    const refused = outcomes.flatMap((outcome): unknown[] => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refused).toHaveLength(2);
    for (const reason of refused)
      expect(reason).toMatchObject({ code: 'CONFLICT', details: { reason: 'tooMany', max: 500 } });
  });

  test('a role is given for a thing that is there, once', async () => {
    const { access, sources } = rooms.house;
    const [{ actor }, person] = [await rooms.aPerson(['admin']), await rooms.aPerson()];
    const camera = await sources.create({ type: 'system' }, aCameraInput({ visibility: 'private' }));
    const give = (object: { type: string; id: string }) =>
      access.grants.give(actor, { userId: person.id, roleId: 'operator', object });
    await expect(give({ type: 'camera', id: randomUUID() })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    for (const type of ['toString', '__proto__', 'spaceship'])
      await expect(give({ type, id: camera.id })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await give({ type: 'camera', id: camera.id });
    await expect(give({ type: 'camera', id: camera.id })).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(
      access.grants.give(actor, { userId: userId.parse(randomUUID()), roleId: 'viewer', object: null }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await rooms.database.activityItem.findMany({ where: { userId: person.id } })).toMatchObject([
      { kind: 'role.given' },
    ]);
    // And the camera, which is private, stands in their lists with no other.
    await sources.create({ type: 'system' }, aCameraInput({ visibility: 'private' }));
    const list = await sources.list(await person.again(), {});
    expect(list.items.map(({ id }) => id)).toEqual([camera.id]);
    expect(list.total).toBe(1);
  });
});
