import { displaySize } from '#sidecars/encode/display-size.ts';
import { encodeJpeg } from '#sidecars/encode/jpeg.ts';
import { PictureScaler } from '#sidecars/encode/picture-scaler.ts';

import { withDecodedKey } from '../transcode/decode-key.ts';
import type { Examination } from './examination.ts';

const widthMax = 640;
const jpegQuality = 80;

export interface KeyPicture {
  jpeg: Buffer;
  width: number;
  height: number;
  profile: string | null;
}

/** The first key frame, decoded: as a JPEG to look at, and as the last word on size and profile. Null where it does not decode. */
export async function pictureOf(examination: Pick<Examination, 'videoTrack' | 'firstKey'>): Promise<KeyPicture | null> {
  const { videoTrack: track, firstKey: unit } = examination;
  if (!track || !unit) return null;
  return withDecodedKey(track, unit, async (frame, profile) => {
    const { width, height } = frame;
    const size = displaySize(frame, widthMax);
    const scaler = new PictureScaler('full');
    try {
      const jpeg = await encodeJpeg(await scaler.scale(frame, size.width, size.height), jpegQuality);
      return { jpeg, width, height, profile };
    } finally {
      scaler.close();
    }
  });
}
