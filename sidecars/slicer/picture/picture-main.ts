/** The picture process: key frames in, JPEGs and luma grids out. Decoders crash on what cameras send, so it is nobody else's process. */
import { flushCompileCache } from 'node:module';
import { constants, setPriority } from 'node:os';

import { decodePicture } from './decode-picture.ts';
import { pictureAsk, type PictureAnswer, type PictureAsk } from './picture-protocol.ts';

// Live goes before thumbnails, and thumbnails that somebody waits for before the others.
const { PRIORITY_BELOW_NORMAL, PRIORITY_LOW } = constants.priority;
setPriority(process.argv.includes('urgent') ? PRIORITY_BELOW_NORMAL : PRIORITY_LOW);

async function answer(ask: PictureAsk): Promise<PictureAnswer> {
  try {
    const media = Buffer.concat([Buffer.from(ask.init, 'base64'), Buffer.from(ask.chunk, 'base64')]);
    const { jpeg, width, height, grid } = await decodePicture(media, ask);
    return { type: 'picture', id: ask.id, width, height, jpeg: jpeg.toString('base64'), grid: grid.toString('base64') };
  } catch (error) {
    return { type: 'failed', id: ask.id, message: error instanceof Error ? error.message : String(error) };
  }
}

process.on('message', (message) => {
  const ask = pictureAsk.parse(message);
  void answer(ask).then((reply) => process.send?.(reply));
});
// Its parent is gone, killed ones included.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.send?.({ type: 'ready' });
// Its end is a SIGKILL, which leaves nothing for the next.
flushCompileCache();
