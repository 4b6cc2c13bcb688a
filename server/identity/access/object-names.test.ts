import { expect, test } from 'vitest';

import { openDatabase } from '#server/platform/db.ts';

import { clientNames } from './object-names.ts';

test('a list of limits without people and keys asks no database for names', async () => {
  const unreachable = openDatabase('postgresql://127.0.0.1:1/none');
  await expect(clientNames(unreachable, [])).resolves.toEqual(new Map());
  await expect(clientNames(unreachable, ['ip:192.0.2.1', 'crowd:7'])).resolves.toEqual(new Map());
});
