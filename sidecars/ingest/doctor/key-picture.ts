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
    const scale = Math.min(1, widthMax / width);
    const resize = {
      width: Math.max(2, Math.round(width * scale) & ~1),
      height: Math.max(2, Math.round(height * scale) & ~1),
    };
    // Only the doctor needs the high-level half of node-av.
    const { Scaler } = await import('node-av/api');
    const scaler = new Scaler();
    try {
      const jpeg = Buffer.from(await scaler.toJpeg(frame, { resize, quality: jpegQuality }));
      return { jpeg, width, height, profile };
    } finally {
      scaler.close();
    }
  });
}
