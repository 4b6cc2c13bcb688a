import { afterAll, beforeAll, beforeEach } from 'vitest';

import { cloneDatabase } from './database.ts';

/** A database of this file's own for those who come in; each test finds neither locks nor settings. */
export function entranceRooms() {
  let clone: Awaited<ReturnType<typeof cloneDatabase>>;
  beforeAll(async () => {
    clone = await cloneDatabase();
  });
  afterAll(async () => clone[Symbol.asyncDispose]());
  beforeEach(async () => {
    await clone.database.signInFailure.deleteMany();
    await clone.database.setting.deleteMany();
  });
  return {
    get database() {
      return clone.database;
    },
    get url() {
      return clone.url;
    },
  };
}
