'use client';

import { useState } from 'react';

import { EarthClock, type EarthMoment } from '../earth-clock.ts';
import { serverNow } from '../server-clock.ts';
import { useEarthMoment, useEarthSecond } from '../use-earth-clock.ts';
import { isRecordedAt, stretchAround, type Span } from './coverage.ts';
import { showingOf, type Showing } from './showing.ts';
import { useCoverage } from './use-coverage.ts';

type Asked = { streamId: string; clock: EarthClock | null; sinceHours: number; isOn?: boolean };

/** The coverage of one stream around the moment of a clock, and what that moment can be shown as. Without a clock it is live or the viewer's own affair. */
export function useFollowedCoverage({ streamId, clock, sinceHours, isOn = true }: Asked): {
  spans: readonly Span[];
  isUnknown: boolean;
  moment: EarthMoment;
  pastMs: number | null;
  showing: Showing;
} {
  const [still] = useState(() => new EarthClock());
  const moment = useEarthMoment(clock ?? still);
  const secondMs = useEarthSecond(clock ?? still);
  const pastMs = moment.mode === 'past' ? secondMs : null;
  const nowMs = serverNow();
  const further = stretchAround(pastMs, sinceHours, nowMs);
  const { spans, isUnknown, isKnown } = useCoverage(streamId, sinceHours, {
    // A playhead near now would ask anew each second: its end is cut to the minute.
    further: further && { fromMs: further.fromMs, toMs: Math.ceil(further.toMs / 60_000) * 60_000 },
    isOn: isOn || pastMs !== null,
  });
  const isRecorded = pastMs === null || isRecordedAt(spans, pastMs, nowMs);
  // A recording is opened once it is known to be there: asking for one that is not is an error in the console, and a retry.
  const isAsking = pastMs !== null && !isKnown && !isUnknown;
  const showing = isAsking ? 'steps' : showingOf(moment, { isKnown, isRecorded });
  return { spans, isUnknown, moment, pastMs, showing };
}
