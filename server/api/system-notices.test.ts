import { expect, test } from 'vitest';

import en from '../../app/_lib/messages/en.json' with { type: 'json' };
import ja from '../../app/_lib/messages/ja.json' with { type: 'json' };
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
  deadMail: 0,
  redisAway: false,
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

test('says that mail was given up and that the Redis of the operator is away, in words of both languages', () => {
  const notices = noticesOf({ ...well, redisAway: true, deadMail: 2 });
  expect(notices).toEqual([
    { code: 'MAIL_DEAD', severity: 'warning', details: { count: 2 } },
    { code: 'REDIS_AWAY', severity: 'warning', details: {} },
  ]);
  for (const { status } of [en, ja])
    for (const code of ['MAIL_DEAD', 'REDIS_AWAY'] as const) expect(Object.keys(status.notice)).toContain(code);
});

test('names what browsers refuse without TLS, each of which has its words in both languages', () => {
  const [notice] = noticesOf({ ...well, tls: false });
  expect(notice).toMatchObject({ code: 'TLS_MISSING', severity: 'info' });
  const features = notice?.details['features'];
  expect(features).toEqual(['camera', 'microphone', 'push', 'passkeys', 'webTransport']);
  for (const words of [en, ja]) expect(Object.keys(words.status.refused)).toEqual(features);
});
