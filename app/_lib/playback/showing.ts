import type { EarthMoment } from '../earth-clock.ts';
import { videoRateMax } from './follow.ts';

/** `steps`: single pictures of a moment that runs fast; `hole`: nothing was recorded then. */
export type Showing = 'video' | 'steps' | 'hole';

export function showingOf(
  moment: EarthMoment,
  { isKnown, isRecorded }: { isKnown: boolean; isRecorded: boolean },
): Showing {
  if (moment.mode === 'live') return 'video';
  if (isKnown && !isRecorded) return 'hole';
  return moment.rate > videoRateMax ? 'steps' : 'video';
}
