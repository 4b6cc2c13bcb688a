import pino from 'pino';

import { LiveStream } from '../stream.ts';
import { anAssignment } from './slicer-under-test.ts';

/** A stream in memory only, of which nothing was heard yet. */
export function aLiveStream(over: Parameters<typeof anAssignment>[0] = {}): LiveStream {
  const log = pino({ level: 'silent' });
  return new LiveStream({ assignment: anAssignment(over), log, store: null, promise: null, keepPromise: () => {} });
}
