import type { CameraState } from '#server/contracts/camera.ts';
import type { FeedCondition } from '#server/contracts/feeds.ts';

/** The shape and colour that a feed's condition shares with a camera's state. */
export const feedMark = {
  off: 'unchecked',
  waiting: 'offline',
  running: 'delayed',
  ok: 'live',
  failing: 'error',
  stale: 'still',
} as const satisfies Record<FeedCondition, CameraState>;
