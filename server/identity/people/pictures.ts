import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { fileTypeFromBuffer } from 'file-type';
import sharp from 'sharp';

import { AppError } from '#server/platform/app-error.ts';

const bytesMax = 8 * 1024 * 1024;
/** A file of few bytes may unpack to any size: refused by its header, before a pixel is decoded. */
const pixelsMax = 40_000_000;
const side = 512;
const decodeSecondsMax = 10;
const atOnceMax = 3;
const taken: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp']);
/** No name that we did not make is looked for on the disk. */
const ownName = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.webp$/;

/** People's pictures in a folder. Each is drawn anew, so that nothing of the sent file is given out: no place, no camera, no hidden content. */
export class Pictures {
  readonly #dir: string;
  #busy = 0;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Returns its name, which is another one each time. */
  async keep(base64: string): Promise<string> {
    if (this.#busy >= atOnceMax)
      throw new AppError('UNAVAILABLE', {
        message: 'other pictures are being drawn',
        details: { retryAfterSeconds: 2 },
      });
    this.#busy += 1;
    try {
      const drawn = await redraw(Buffer.from(base64, 'base64'));
      const name = `${randomUUID()}.webp`;
      await mkdir(this.#dir, { recursive: true, mode: 0o700 });
      await writeFile(join(this.#dir, name), drawn, { flag: 'wx', mode: 0o600 });
      return name;
    } finally {
      this.#busy -= 1;
    }
  }

  async remove(name: string): Promise<void> {
    if (ownName.test(name)) await rm(join(this.#dir, name), { force: true });
  }

  /** Null: no such picture. */
  async read(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    if (!ownName.test(name)) return null;
    try {
      return await readFile(join(this.#dir, name));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    }
  }
}

async function redraw(bytes: Buffer): Promise<Buffer> {
  if (bytes.length > bytesMax)
    throw new AppError('TOO_LARGE', { message: `a picture has ${bytesMax} bytes at most`, details: { bytesMax } });
  const type = await fileTypeFromBuffer(bytes);
  if (!type || !taken.has(type.mime)) throw notAPicture('type', 'a picture is JPEG, PNG or WebP by its content');
  try {
    const reader = sharp(bytes, { limitInputPixels: pixelsMax, failOn: 'error', pages: 1 });
    return await reader
      .autoOrient()
      .resize(side, side, { fit: 'cover', position: 'attention' })
      .webp({ quality: 82 })
      .timeout({ seconds: decodeSecondsMax })
      .toBuffer();
  } catch (cause) {
    if (cause instanceof Error && cause.message.includes('pixel limit'))
      throw notAPicture('pixels', 'a picture has 40 megapixels at most', cause);
    throw notAPicture('damaged', 'the picture can not be read', cause);
  }
}

function notAPicture(reason: 'type' | 'pixels' | 'damaged', message: string, cause?: unknown): AppError {
  return new AppError('BAD_REQUEST', {
    message,
    details: { reason, fields: [{ path: 'base64', message }] },
    cause,
  });
}
