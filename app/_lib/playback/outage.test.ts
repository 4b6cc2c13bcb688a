import { describe, expect, it } from 'vitest';

import type { MediaState } from '#server/contracts/media-state.ts';

import { isExplainedByOutage, outageOf } from './outage.ts';
import type { SessionState } from './session-state.ts';

const listed = { state: 'offline', stateReason: 'UNREACHABLE', stateSince: '2026-01-01T00:00:00.000Z' } as const;
const media: MediaState = {
  streamId: '01a204a3-72f5-7733-8a08-c50217f11a17',
  state: 'offline',
  reason: 'TIMED_OUT',
  since: '2026-01-01T00:00:20.000Z',
  measuredAt: '2026-01-01T00:01:00.000Z',
  frameAgeMs: 50_000,
  fps: null,
  bitrate: null,
  width: null,
  height: null,
  codecs: null,
  gopSeconds: null,
  bFrames: null,
  audio: false,
  rungs: [],
  clock: null,
  viewers: 0,
  dropped: 0,
  writing: true,
  recordedBytes: 0,
  oldest: null,
};
const spans = [
  { fromMs: 0, toMs: 5000, kind: 'recorded' },
  { fromMs: 5000, toMs: 9000, kind: 'offline' },
] as const;

describe('an outage', () => {
  it('is told with its reason, its beginning and the newest picture, as it was measured last', () => {
    expect(outageOf({ camera: { ...listed, state: 'live' }, media, spans: [] })).toEqual({
      state: 'offline',
      reason: 'TIMED_OUT',
      sinceMs: Date.parse('2026-01-01T00:00:20Z'),
      lastPictureMs: Date.parse('2026-01-01T00:00:10Z'),
      recordedMs: null,
    });
  });

  it('is known from the list before anything is measured, and its last picture from the recording', () => {
    expect(outageOf({ camera: listed, media: null, spans })).toEqual({
      state: 'offline',
      reason: 'UNREACHABLE',
      sinceMs: Date.parse('2026-01-01T00:00:00Z'),
      lastPictureMs: 5000,
      recordedMs: 4000,
    });
    expect(outageOf({ camera: listed, media: { ...media, frameAgeMs: null }, spans: [] })?.lastPictureMs).toBeNull();
  });

  it('is none where pictures come, nobody has looked yet, or a source begins again', () => {
    expect(outageOf({ camera: listed, media: { ...media, state: 'live' }, spans })).toBeNull();
    expect(outageOf({ camera: { ...listed, state: 'unchecked' }, media: null, spans })).toBeNull();
    expect(outageOf({ camera: listed, media: { ...media, reason: 'noSource' }, spans })).toBeNull();
    expect(outageOf({ camera: listed, media: { ...media, reason: 'noSource', writing: false }, spans })).not.toBeNull();
  });
});

describe('what is said while no picture moves', () => {
  const session = (phase: SessionState['phase'], mode: SessionState['mode'] = { type: 'live' }): SessionState => ({
    mode,
    phase,
    transport: 'lowLatency',
    isHeldBack: false,
    quality: { wish: 'auto', playing: null, offered: null, isRefused: false },
  });
  const failed = (failure: 'offline' | 'codec') => session({ type: 'failed', failure, retryAtMs: null });

  it('is the outage at once and all the time that it is tried again', () => {
    expect(isExplainedByOutage(session({ type: 'opening', sinceMs: 0 }), false)).toBe(true);
    expect(isExplainedByOutage(session({ type: 'recovering', attempt: 1, budget: 5 }), false)).toBe(true);
    expect(isExplainedByOutage(session({ type: 'playing' }), true)).toBe(true);
    expect(isExplainedByOutage(failed('offline'), false)).toBe(true);
  });

  it('is nothing over a picture that moves, over the past, and where the fault is another', () => {
    expect(isExplainedByOutage(session({ type: 'playing' }), false)).toBe(false);
    expect(isExplainedByOutage(failed('codec'), false)).toBe(false);
    const past = { type: 'past', atMs: 1, fromMs: 0, toMs: 2 } as const;
    expect(isExplainedByOutage(session({ type: 'opening', sinceMs: 0 }, past), false)).toBe(false);
  });
});
