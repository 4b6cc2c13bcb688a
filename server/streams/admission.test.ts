import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import { streamId } from '#server/contracts/ids.ts';

import { admit, type Applicant } from './admission.ts';

const nowMs = 1_000_000;
const none = new Map<string, number>();
const limits = { nowMs, feeds: new Map([['caltrans', 9]]), alwaysOfFeed: none, busyOfFeed: none, capacity: 100 };
const anApplicant = (more: Partial<Applicant> = {}): Applicant => ({
  streamId: streamId.parse(randomUUID()),
  feed: 'caltrans',
  wantedAtMs: nowMs - 1000,
  isRead: true,
  ...more,
});

test('the tenth of a feed of nine is refused while all nine are watched', () => {
  const watched = Array.from({ length: 9 }, () => anApplicant());
  const tenth = anApplicant({ isRead: false, wantedAtMs: nowMs });
  const { admitted, refused } = admit([tenth, ...watched], limits);
  expect(admitted).toEqual(new Set(watched.map((one) => one.streamId)));
  expect([...refused]).toEqual([[tenth.streamId, 'feedBusy']]);
});

test('the longest unwatched gives way to the tenth, which begins when it is gone', () => {
  const watched = Array.from({ length: 7 }, () => anApplicant());
  const [left, longer] = [anApplicant({ wantedAtMs: nowMs - 20_000 }), anApplicant({ wantedAtMs: nowMs - 40_000 })];
  const tenth = anApplicant({ isRead: false, wantedAtMs: nowMs });
  const first = admit([longer, tenth, left, ...watched], limits);
  expect(new Set(first.refused.keys())).toEqual(new Set([longer.streamId, tenth.streamId]));
  expect(first.admitted.has(left.streamId)).toBe(true);
  const rest = [{ ...longer, isRead: false }, tenth, left, ...watched];
  const leaving = admit(rest, { ...limits, busyOfFeed: new Map([['caltrans', 1]]) });
  expect(leaving.admitted.has(tenth.streamId)).toBe(false);
  const { admitted, refused } = admit(rest, limits);
  expect(admitted.has(tenth.streamId)).toBe(true);
  expect([...refused]).toEqual([[longer.streamId, 'feedBusy']]);
});

test('what is always read counts, other feeds do not', () => {
  const mine = anApplicant({ isRead: false });
  const other = anApplicant({ isRead: false, feed: 'tfl' });
  const own = anApplicant({ isRead: false, feed: null });
  const { refused } = admit([mine, other, own], { ...limits, alwaysOfFeed: new Map([['caltrans', 9]]) });
  expect([...refused.keys()]).toEqual([mine.streamId]);
});

test('no more than there is room for, and those that are watched keep theirs', () => {
  const watched = anApplicant({ feed: null });
  const comes = anApplicant({ feed: null, isRead: false });
  const left = anApplicant({ feed: null, wantedAtMs: nowMs - 30_000 });
  const { admitted, refused } = admit([left, comes, watched], { ...limits, capacity: 2 });
  expect(admitted).toEqual(new Set([watched.streamId, comes.streamId]));
  expect([...refused]).toEqual([[left.streamId, 'capacity']]);
});
