/** The transcoding process of one stream: records in, the records of its rungs out. Decoders crash on what cameras send, so it is nobody else's process. */
import { flushCompileCache } from 'node:module';
import { setPriority } from 'node:os';

import { quietLibav } from '#sidecars/encode/libav-log.ts';

import { transcodeAsk } from './transcode-protocol.ts';
import { Transcoder } from './transcoder.ts';

/** Live goes before rungs, and rungs, which somebody waits for, before thumbnails (10 and below). What can't keep up is given up, not waited for. */
const niceness = 5;
setPriority(niceness);
quietLibav();

let beginning: Promise<Transcoder> | null = null;

function end(why: string): void {
  process.stderr.write(`${why}\n`, () => process.exit(1));
}

process.on('message', (message) => {
  const ask = transcodeAsk.parse(message);
  if (ask.type === 'begin') beginning = Transcoder.begin(ask, end);
  else beginning = beginning?.then((transcoder) => (transcoder.setRungs(ask.rungs), transcoder)) ?? null;
  beginning?.catch((error: unknown) => end(String(error)));
});
// Its parent is gone, killed ones included.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.send?.({ type: 'ready' });
// Its end is a SIGKILL, which leaves nothing for the next.
flushCompileCache();
