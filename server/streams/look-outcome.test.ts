import { describe, expect, test } from 'vitest';

import type { LookReport } from '#server/contracts/look.ts';

import { outcomeOf, type LookMemory } from './look-outcome.ts';

const at = new Date('2026-11-22T12:00:00.000Z');
const ago = (seconds: number) => new Date(at.getTime() - seconds * 1000).toISOString();
const source = { kind: 'snapshot' as const, demo: false, intervalSeconds: 60 };
const aReport = (more: Partial<LookReport> = {}): LookReport => ({
  ok: true,
  frameTime: ago(30),
  hash: 'b',
  bytes: 20_000,
  ms: 200,
  width: 640,
  height: 480,
  thumbnail: '',
  fault: null,
  ...more,
});
const aMemory = (more: Partial<LookMemory> = {}): LookMemory => ({
  frameTime: ago(3600),
  hash: 'a',
  bytes: 20_000,
  ms: 200,
  width: 640,
  height: 480,
  fault: null,
  failures: 0,
  sameSince: ago(3600),
  ...more,
});
const verdict = (report: Partial<LookReport>, before: LookMemory | null, more: Partial<typeof source> = {}) =>
  outcomeOf({ at, report: aReport(report), before, source: { ...source, ...more } }).verdict;

describe('a picture', () => {
  test('is live only when it is recent by its own time and another than before', () => {
    expect(verdict({}, aMemory())).toEqual({ state: 'live', reason: null });
    expect(verdict({ frameTime: ago(149) }, aMemory())).toMatchObject({ state: 'live' });
    expect(verdict({ frameTime: ago(151) }, aMemory())).toMatchObject({ state: 'delayed' });
    expect(verdict({ frameTime: null }, aMemory())).toMatchObject({ state: 'delayed' });
    expect(verdict({ hash: 'a' }, aMemory({ sameSince: ago(60) }))).toMatchObject({ state: 'delayed' });
    expect(verdict({}, null)).toMatchObject({ state: 'delayed' });
    expect(verdict({}, aMemory({ hash: null }))).toMatchObject({ state: 'delayed' });
  });

  test('that stays the same for long, or is old by its own word, is still', () => {
    expect(verdict({ hash: 'a', frameTime: null }, aMemory({ sameSince: ago(1801) }))).toEqual({
      state: 'still',
      reason: 'frozen',
    });
    expect(verdict({ frameTime: ago(86_400) }, null)).toMatchObject({ state: 'still' });
  });

  test('of a camera that sends as it sees is of the moment', () => {
    expect(
      outcomeOf({ at, report: aReport({ frameTime: null }), before: aMemory(), source: { ...source, kind: 'rtsp' } })
        .verdict,
    ).toMatchObject({
      state: 'live',
    });
  });

  test('of a demo is a demo', () => {
    expect(verdict({}, aMemory(), { demo: true })).toEqual({ state: 'demo', reason: null });
  });
});

describe('a look that sees nothing', () => {
  const nothing = (fault: LookReport['fault']) => ({ ok: false, hash: null, fault });

  test('once says nothing, twice it is offline or an error by its fault, and the picture of before is remembered', () => {
    expect(verdict(nothing('TIMED_OUT'), aMemory())).toBeNull();
    expect(verdict(nothing('TIMED_OUT'), aMemory({ failures: 1 }))).toEqual({ state: 'offline', reason: 'TIMED_OUT' });
    expect(verdict(nothing('NOT_FOUND'), aMemory({ failures: 1 }))).toEqual({ state: 'error', reason: 'NOT_FOUND' });
    const { memory } = outcomeOf({ at, report: aReport(nothing('TIMED_OUT')), before: aMemory(), source });
    expect(memory).toMatchObject({ failures: 1, fault: 'TIMED_OUT', hash: 'a' });
  });

  test('by a fault of ours says nothing of the source, however often', () => {
    const before = aMemory({ failures: 1 });
    const { memory, verdict: said } = outcomeOf({ at, report: aReport(nothing('INTERNAL')), before, source });
    expect([said, memory.failures]).toEqual([null, 1]);
  });
});
