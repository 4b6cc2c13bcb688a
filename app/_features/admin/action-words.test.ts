import { expect, test } from 'vitest';

import { anUnconnectedHouse } from '#server/testing/access-house.ts';
import { proceduresOf } from '#server/testing/procedures.ts';

import { wordsOfAction } from './action-words.ts';

test('every write that the audit log names has words of its own', () => {
  const writes = proceduresOf(anUnconnectedHouse().router).filter(
    // A flat form for REST is written down as the procedure behind it or by its own short name.
    ({ path, type, unaudited }) => type === 'mutation' && !unaudited && !path.endsWith('Flat'),
  );
  expect(writes.length).toBeGreaterThan(60);
  expect(writes.filter(({ path }) => wordsOfAction[path] === undefined).map(({ path }) => path)).toEqual([]);
});
