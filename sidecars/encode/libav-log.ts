import { AV_LOG_QUIET } from 'node-av/constants';
import { Log } from 'node-av/lib';

/** libav writes to stderr, addresses with their passwords among it. Faults reach us as codes. */
export function quietLibav(): void {
  Log.setLevel(AV_LOG_QUIET);
}
