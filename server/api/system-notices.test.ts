import { expect, test } from 'vitest';

import { noticesOf } from './system-notices.ts';

const well = {
  parts: { database: 'ok', web: 'ok', ingest: 'ok', slicer: 'ok' },
  disks: [],
  failing: 0,
  ownerMissing: false,
  tls: true,
  localSources: true,
  staleFeeds: [],
  openRemovals: 0,
} as const;

test('says nothing where nothing is missing', () => {
  expect(noticesOf(well)).toEqual([]);
});

test('says how many requests for removal wait and how many cameras can’t be read', () => {
  expect(noticesOf({ ...well, failing: 2, openRemovals: 3 })).toEqual([
    { code: 'SOURCES_FAILING', severity: 'warning', details: { count: 2 } },
    { code: 'REMOVALS_OPEN', severity: 'warning', details: { count: 3 } },
  ]);
});
