import { describe, expect, test } from 'vitest';

import { readSetting } from '#server/platform/settings.ts';
import { accessRooms } from '#server/testing/access-rooms.ts';

const rooms = accessRooms();

describe('roles', () => {
  const night = {
    id: 'night-shift',
    name: 'Night shift',
    nameJa: '夜勤',
    permissions: ['camera:view', 'camera:write'] as const,
  };
  const input = { ...night, permissions: [...night.permissions] };

  test('are made, given, changed for who holds them at once, and say before they go how many hold them', async () => {
    const { access } = rooms.house;
    const admin = await rooms.aPerson(['admin']);
    const person = await rooms.aPerson();
    expect(await access.roles.create(admin.actor, input)).toMatchObject({ ...night, builtIn: false, people: 0 });
    await expect(access.roles.create(admin.actor, input)).rejects.toMatchObject({ code: 'CONFLICT' });
    await access.grants.give(admin.actor, { userId: person.id, roleId: night.id, object: null });
    expect(rooms.house.identity.isAllowed(await person.again(), 'camera:write')).toBe(true);
    await access.roles.update(admin.actor, { ...input, permissions: ['camera:view'] });
    expect(rooms.house.identity.isAllowed(await person.again(), 'camera:write')).toBe(false);
    await expect(access.roles.remove(admin.actor, { id: night.id, evenIfHeld: false })).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { reason: 'held', people: 1 },
    });
    await access.settings.update(admin.actor, { signUpRole: night.id });
    // Whoever signs up gets it.
    await expect(access.roles.update(admin.actor, { ...input, permissions: ['*'] })).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { reason: 'rules' },
    });
    expect(await access.roles.remove(admin.actor, { id: night.id, evenIfHeld: true })).toEqual({ people: 1 });
    expect(rooms.house.identity.isAllowed(await person.again(), 'camera:view')).toBe(false);
    expect(await readSetting(rooms.database, 'signUpRole')).toBe('');
    expect((await access.roles.list(admin.actor)).map(({ id }) => id)).not.toContain(night.id);
  });

  test('are bounded, for those who make them at the same moment too', async () => {
    const { access } = rooms.house;
    const { actor } = await rooms.aPerson(['admin']);
    const made = Array.from({ length: 198 }, (_, place) => ({ id: `made-${place}`, name: 'x', permissions: [] }));
    await rooms.database.role.createMany({ data: made });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 6 }, (_, place) => access.roles.create(actor, { ...input, id: `late-${place}` })),
    );
    const refused = outcomes.flatMap((outcome): unknown[] => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refused).toHaveLength(4);
    for (const reason of refused)
      expect(reason).toMatchObject({ code: 'CONFLICT', details: { reason: 'tooMany', max: 200 } });
    expect(await rooms.database.role.count({ where: { builtIn: false } })).toBe(200);
    await access.roles.remove(actor, { id: 'made-0', evenIfHeld: false });
    await expect(access.roles.create(actor, input)).resolves.toMatchObject({ id: night.id });
  });

  test('that are built in stay as they are', async () => {
    const { access } = rooms.house;
    const { actor } = await rooms.aPerson(['owner']);
    const change = access.roles.update(actor, { ...input, id: 'viewer' });
    await expect(change).rejects.toMatchObject({ code: 'CONFLICT', details: { reason: 'builtIn' } });
    await expect(access.roles.remove(actor, { id: 'viewer', evenIfHeld: true })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await expect(access.roles.create(actor, { ...input, id: 'owner' })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await access.roles.list(actor)).find(({ id }) => id === 'admin')).toMatchObject({
      permissions: ['*'],
      people: 0,
    });
  });

  test('hold nothing that who makes or changes them does not hold', async () => {
    const { access } = rooms.house;
    const { actor } = await rooms.aPerson([], { permissions: ['role:admin', 'camera:view'] });
    for (const permissions of [['camera:write'], ['camera:*'], ['*'], ['camera:view', 'user:admin']] as const)
      await expect(access.roles.create(actor, { ...input, permissions: [...permissions] })).rejects.toMatchObject({
        code: 'FORBIDDEN',
        details: { reason: 'moreThanHeld' },
      });
    await access.roles.create(actor, { ...input, permissions: ['camera:view'] });
    await expect(access.roles.update(actor, { ...input, permissions: ['*'] })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    // Nor is one that holds more emptied by them.
    await rooms.database.role.update({ where: { id: night.id }, data: { permissions: ['*'] } });
    await expect(access.roles.remove(actor, { id: night.id, evenIfHeld: true })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await expect(access.roles.update(actor, { ...input, permissions: [] })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
  });
});
