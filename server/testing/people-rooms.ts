import { afterAll, beforeAll, beforeEach } from 'vitest';

import { writeSetting } from '#server/platform/settings.ts';

import { cloneDatabase } from './database.ts';

/** A database of this file's own, of a house where anybody may make an account; each test finds its outbox empty. */
export function peopleRooms() {
  let clone: Awaited<ReturnType<typeof cloneDatabase>>;
  beforeAll(async () => {
    clone = await cloneDatabase();
  });
  afterAll(async () => clone[Symbol.asyncDispose]());
  beforeEach(async () => {
    await writeSetting(clone.database, 'signUp', 'open');
    await writeSetting(clone.database, 'signUpRole', '');
    await clone.database.outboxItem.deleteMany();
  });
  return {
    get database() {
      return clone.database;
    },
    userOf: (email: string) =>
      clone.database.user.findUnique({ where: { email }, include: { roles: true, secondFactor: true } }),
  };
}
