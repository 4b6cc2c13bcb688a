import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import { peopleRooms } from '#server/testing/people-rooms.ts';
import { aPeople } from '#server/testing/people.ts';

const rooms = peopleRooms();

test("a profile is changed field by field; a user name is one person's whatever its case", async () => {
  await using house = await aPeople(rooms.database);
  const [actor, other] = [await house.aPerson(), await house.aPerson()];
  const userName = `n${randomUUID().slice(0, 8)}`;
  const patch = { name: '田中 彩', userName, locale: 'ja' as const, timeZone: 'Asia/Tokyo' };
  expect(await house.people.profiles.update(actor, patch)).toMatchObject(patch);
  expect(house.told).toContainEqual({ type: 'user.changed', userId: actor.userId });
  await expect(house.people.profiles.update(other, { userName: userName.toUpperCase() })).rejects.toMatchObject({
    code: 'CONFLICT',
    details: { reason: 'userNameTaken' },
  });
  // Their own in another case.
  expect(await house.people.profiles.update(actor, { userName: userName.toUpperCase() })).toMatchObject({
    userName: userName.toUpperCase(),
  });
  await house.people.passwords.requestReset(actor.email);
  expect((await house.mailsTo(actor.email)).at(-1)?.subject).toContain('再設定');
});
