'use client';

import { useEffect } from 'react';

import type { EarthClock } from '../earth-clock.ts';
import { Follower, videoRateMax } from './follow.ts';
import type { StreamSession } from './stream-session.ts';

const lookEveryMs = 200;
const askAgainMs = 10_000;

function keepInStep(session: StreamSession, clock: EarthClock): () => void {
  const follower = new Follower();
  let moment = clock.state();
  let askedAtMs = performance.now();
  const look = () => {
    const was = moment;
    moment = clock.state();
    if (moment.mode === 'live') {
      if (was.mode === 'live') return;
      session.setRate(1);
      session.goLive();
      session.setPlaying(true);
      return;
    }
    // Single pictures take over in a moment, and this session ends.
    if (moment.rate > videoRateMax) return;
    const hasJumped = moment !== was;
    if (hasJumped) follower.jumped();
    const { phase } = session.state();
    const nowMs = performance.now();
    const wantedMs = clock.settledMs();
    if (phase.type === 'failed') {
      // Nothing was recorded there: the clock goes on, and so may the recording.
      if (!hasJumped && nowMs - askedAtMs < askAgainMs) return;
      askedAtMs = nowMs;
      session.seekTo(wantedMs);
      return;
    }
    const { video } = session;
    const correction = follower.next({
      nowMs,
      wantedMs,
      pictureMs: session.pictureMs(),
      isBusy:
        phase.type !== 'playing' || video.seeking || (moment.playing && video.readyState < video.HAVE_FUTURE_DATA),
      rate: moment.rate,
      isPlaying: moment.playing,
    });
    if (correction.type === 'seek') session.seekTo(correction.toMs);
    if (correction.type === 'rate') session.setRate(correction.rate);
    if (phase.type === 'playing' && !video.seeking) session.setPlaying(moment.playing);
  };
  const timer = setInterval(look, lookEveryMs);
  const stop = clock.subscribe(look);
  return () => {
    clearInterval(timer);
    stop();
  };
}

/** Keeps a session at the moment of a clock, live or past. */
export function useFollow(session: StreamSession | null, clock: EarthClock | null): void {
  useEffect(() => (session && clock ? keepInStep(session, clock) : undefined), [session, clock]);
}
