import { expect, test } from 'vitest';

import { cloneDatabase } from '#server/testing/database.ts';

import { openDatabase } from './db.ts';

test('a statement that names itself is planned once a connection, and no other is kept there', async () => {
  await using clone = await cloneDatabase();
  const database = openDatabase(clone.url, { connectionsMax: 1 });
  const one = (given: number) => database.$queryRaw`/* test.one */ SELECT ${given}::int AS given`;
  expect([await one(1), await one(2)]).toEqual([[{ given: 1 }], [{ given: 2 }]]);
  await database.$queryRaw`SELECT ${3}::int AS other`;
  await database.user.findMany({ select: { id: true }, take: 1 });
  const kept = await database.$queryRaw`SELECT name FROM pg_prepared_statements`;
  await database.$disconnect();
  expect(kept).toEqual([{ name: 'test.one' }]);
});
