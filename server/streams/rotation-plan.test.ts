import { randomUUID } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { streamId } from '#server/contracts/ids.ts';

import { Budget, dueAtMs, nextLooks, rotationPeriodMs, type LookCandidate, type Turn } from './rotation-plan.ts';

const hour = 3_600_000;
const nowMs = 100 * hour;
const turn: Turn = {
  nowMs,
  periodMs: hour,
  slots: 4,
  busyHosts: new Set(),
  hostAskedAtMs: new Map(),
  roomOf: () => Infinity,
};
let hosts = 0;
const aCandidate = (more: Partial<LookCandidate> = {}): LookCandidate => ({
  streamId: streamId.parse(randomUUID()),
  host: `host-${(hosts += 1)}.example`,
  feed: null,
  lookedAtMs: null,
  intervalSeconds: 60,
  failures: 0,
  hinted: false,
  ...more,
});
const chosen = (candidates: LookCandidate[], more: Partial<Turn> = {}) =>
  nextLooks(candidates, { ...turn, ...more }).map((candidate) => candidate.streamId);

describe('whose turn it is', () => {
  test('in view before never looked at before longest unlooked, and nothing before it is due', () => {
    const old = aCandidate({ lookedAtMs: nowMs - 3 * hour });
    const older = aCandidate({ lookedAtMs: nowMs - 4 * hour });
    const never = aCandidate();
    const inView = aCandidate({ hinted: true, lookedAtMs: nowMs - 300_000 });
    const recent = aCandidate({ lookedAtMs: nowMs - 60_000 });
    const ids = [inView, never, older, old].map((candidate) => candidate.streamId);
    expect(chosen([old, recent, never, inView, older])).toEqual(ids);
    expect(chosen([old, recent, never, inView, older], { slots: 2 })).toEqual(ids.slice(0, 2));
  });

  test('one look at a host at once, and not again within its gap', () => {
    const [first, second, other] = [
      aCandidate({ host: 'one.example' }),
      aCandidate({ host: 'one.example' }),
      aCandidate(),
    ];
    expect(chosen([first, second, other])).toEqual([first.streamId, other.streamId]);
    expect(chosen([first, other], { busyHosts: new Set(['one.example']) })).toEqual([other.streamId]);
    const hostAskedAtMs = new Map([['one.example', nowMs - 500]]);
    expect(chosen([first, other], { hostAskedAtMs })).toEqual([other.streamId]);
  });

  test('never more of a feed at once than it allows', () => {
    const ofFeed = Array.from({ length: 3 }, () => aCandidate({ feed: 'caltrans' }));
    expect(chosen(ofFeed, { roomOf: () => 2 })).toHaveLength(2);
    expect(chosen(ofFeed, { roomOf: () => 0 })).toHaveLength(0);
  });
});

describe('when it is due', () => {
  test('failing ones wait twice as long each time, six hours at most', () => {
    const due = (failures: number) => dueAtMs(aCandidate({ lookedAtMs: nowMs, failures }), 600_000) - nowMs;
    expect([0, 1, 2, 3, 4].map(due)).toEqual([600_000, 600_000, 600_000, 1_200_000, 2_400_000]);
    expect(due(40)).toBe(6 * hour);
  });

  test('never before its own next picture', () => {
    const slow = aCandidate({ lookedAtMs: nowMs, hinted: true, intervalSeconds: 900 });
    expect(dueAtMs(slow, 600_000)).toBe(nowMs + 900_000);
  });

  test('the rotation takes as long as its budget makes it', () => {
    expect(rotationPeriodMs(12, 60)).toBe(600_000);
    expect(rotationPeriodMs(7800, 60)).toBe(130 * 60_000);
  });
});

test('a budget saves up for ten seconds and pays back what one look cost more', () => {
  const budget = new Budget(1000, 0);
  expect(budget.left(3_600_000)).toBe(10_000);
  budget.take(14_000, 3_600_000);
  expect(budget.left(3_602_000)).toBe(-2000);
  expect(budget.left(3_604_000)).toBe(0);
});
