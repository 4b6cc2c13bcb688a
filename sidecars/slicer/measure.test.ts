import { describe, expect, it } from 'vitest';

import { judge, type Observation } from './measure.ts';

const seen = (over: Partial<Observation> = {}) =>
  judge({
    ended: false,
    demo: false,
    onDemand: false,
    intervalSeconds: null,
    arrivalAgeMs: 40,
    frameAgeMs: 60,
    stillReason: null,
    fault: null,
    writing: true,
    ...over,
  });

describe('the LIVE rule', () => {
  it('says live only while the newest frame is at most 3 s old', () => {
    expect(seen()).toEqual({ state: 'live', reason: null });
    expect(seen({ frameAgeMs: 3000 }).state).toBe('live');
    expect(seen({ frameAgeMs: 3001 }).state).toBe('delayed');
    expect(seen({ arrivalAgeMs: 4000, frameAgeMs: 4000 }).state).toBe('delayed');
    expect(seen({ frameAgeMs: null }).state).toBe('live');
  });

  it('stretches to 2.5 intervals for snapshots', () => {
    expect(seen({ intervalSeconds: 10, arrivalAgeMs: 24_000, frameAgeMs: 24_000 }).state).toBe('live');
    expect(seen({ intervalSeconds: 10, arrivalAgeMs: 26_000, frameAgeMs: 26_000 }).state).toBe('offline');
    expect(seen({ intervalSeconds: 1, arrivalAgeMs: 2900, frameAgeMs: 2900 }).state).toBe('live');
  });

  it('says offline after 10 s of nothing, with the reason that ingest gave', () => {
    expect(seen({ arrivalAgeMs: 10_001 })).toEqual({ state: 'offline', reason: 'noSource' });
    expect(seen({ arrivalAgeMs: 10_001, fault: 'UNREACHABLE' })).toEqual({ state: 'offline', reason: 'UNREACHABLE' });
    expect(seen({ arrivalAgeMs: null, writing: false, fault: 'AUTH_REFUSED' })).toEqual({
      state: 'error',
      reason: 'AUTH_REFUSED',
    });
  });

  it('never says live of a loop or a drawn source', () => {
    expect(seen({ demo: true })).toEqual({ state: 'demo', reason: null });
    expect(seen({ demo: true, stillReason: 'frozen' }).state).toBe('demo');
    expect(seen({ stillReason: 'loop' })).toEqual({ state: 'demo', reason: 'loop' });
    expect(seen({ demo: true, arrivalAgeMs: 11_000 }).state).toBe('offline');
  });

  it('says still of a picture that is frozen or black', () => {
    expect(seen({ stillReason: 'frozen' })).toEqual({ state: 'still', reason: 'frozen' });
    expect(seen({ stillReason: 'black' })).toEqual({ state: 'still', reason: 'black' });
  });

  it('calls nothing checked that was never looked at, nor a source that sleeps on demand', () => {
    expect(seen({ arrivalAgeMs: null, writing: false })).toEqual({ state: 'unchecked', reason: null });
    expect(seen({ arrivalAgeMs: 60_000, onDemand: true, writing: false })).toEqual({
      state: 'unchecked',
      reason: 'onDemand',
    });
  });
});
