/** The picture process: key frames in, JPEGs and luma grids out. Decoders crash on what cameras send, so it is nobody else's process. */
import { flushCompileCache } from 'node:module';
import { constants, setPriority } from 'node:os';

import { quietLibav } from '#sidecars/encode/libav-log.ts';

import { decodePicture } from './decode-picture.ts';
import { readPictureAsk, type PictureAsk } from './picture-ask.ts';
import type { PictureAnswer } from './picture-protocol.ts';

// Live goes before thumbnails, and thumbnails that somebody waits for before the others.
const { PRIORITY_BELOW_NORMAL, PRIORITY_LOW } = constants.priority;
setPriority(process.argv.includes('urgent') ? PRIORITY_BELOW_NORMAL : PRIORITY_LOW);

quietLibav();

async function answer(ask: PictureAsk): Promise<PictureAnswer> {
  try {
    const media = { init: Buffer.from(ask.init, 'base64'), chunk: Buffer.from(ask.chunk, 'base64') };
    const { jpeg, width, height, grid } = await decodePicture(media, ask);
    return { type: 'picture', id: ask.id, width, height, jpeg: jpeg.toString('base64'), grid: grid.toString('base64') };
  } catch (error) {
    return { type: 'failed', id: ask.id, message: error instanceof Error ? error.message : String(error) };
  }
}

process.on('message', (message) => {
  const ask = readPictureAsk(message);
  // An answer that does not come is the deadline's matter.
  if (ask) void answer(ask).then((reply) => process.send?.(reply));
});
// Its parent is gone, killed ones included.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.send?.({ type: 'ready' });
// Its end is a SIGKILL, which leaves nothing for the next.
flushCompileCache();
