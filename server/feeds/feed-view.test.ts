import { expect, test } from 'vitest';

import { rejectedOf } from './feed-view.ts';

test('a run that an earlier version wrote keeps its sentences', () => {
  const rows = [
    { row: 'row 2', reason: 'it has no address' },
    { row: 'row 3', code: 'NO_ADDRESS', about: null },
  ];
  expect(rejectedOf({ rejectedRows: rows })).toEqual([
    { row: 'row 2', code: 'OTHER', about: 'it has no address' },
    { row: 'row 3', code: 'NO_ADDRESS', about: null },
  ]);
});
