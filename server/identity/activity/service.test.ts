import { afterAll, beforeAll, expect, test } from 'vitest';

import { cloneDatabase } from '#server/testing/database.ts';
import { anActor, anOwner } from '#server/testing/factories.ts';

import { ActivityService } from './service.ts';

let clone: Awaited<ReturnType<typeof cloneDatabase>>;
let owner: Awaited<ReturnType<typeof anOwner>>;

beforeAll(async () => {
  clone = await cloneDatabase();
  owner = await anOwner(clone.database);
});
afterAll(async () => clone[Symbol.asyncDispose]());

test('a person reads what concerns them, newest first, page by page, and nobody else does', async () => {
  const { database } = clone;
  const activity = new ActivityService({ database });
  for (let count = 1; count <= 5; count += 1)
    await activity.tell(database, {
      userId: owner.userId,
      kind: 'key.created',
      data: { name: `k${count}` },
      href: '/account',
    });
  const first = await activity.list(owner, { limit: 3 });
  expect(first).toMatchObject({ unread: 5, items: [{ data: { name: 'k5' }, href: '/account' }, {}, {}] });
  const second = await activity.list(owner, { limit: 3, cursor: first.nextCursor ?? '' });
  expect(second.items.map(({ data }) => data['name'])).toEqual(['k2', 'k1']);
  expect(second.nextCursor).toBeNull();
  expect(await activity.list(anActor(), { limit: 10 })).toMatchObject({ items: [], unread: 0 });
  expect(await activity.markRead(owner, first.items[2]?.id ?? '')).toBe(3);
  expect((await activity.list(owner, { limit: 1 })).unread).toBe(2);
});

test('who has gone is told nothing, and nothing fails', async () => {
  const { database } = clone;
  const activity = new ActivityService({ database });
  await activity.tell(database, { userId: anActor().userId, kind: 'webhook.dead' });
  expect(await database.activityItem.count({ where: { kind: 'webhook.dead' } })).toBe(0);
});

test('the newest five hundred are kept', async () => {
  const { database } = clone;
  const activity = new ActivityService({ database });
  for (let count = 0; count < 505; count += 1)
    await activity.tell(database, { userId: owner.userId, kind: 'system.notice' });
  expect(await database.activityItem.count({ where: { userId: owner.userId } })).toBe(500);
});

test('those who hold a permission for everything are told, others are not', async () => {
  const { database } = clone;
  const activity = new ActivityService({ database });
  const [operator, looker] = [await anOwner(database), await anOwner(database)];
  await database.userRole.updateMany({ where: { userId: operator.userId }, data: { roleId: 'operator' } });
  await database.userRole.updateMany({ where: { userId: looker.userId }, data: { roleId: 'viewer' } });
  await activity.tellHolders(database, 'removal:decide', { kind: 'removal.requested', href: '/removals' });
  expect((await activity.list(operator, { limit: 5 })).items).toMatchObject([{ kind: 'removal.requested' }]);
  expect((await activity.list(looker, { limit: 5 })).items).toEqual([]);
});
