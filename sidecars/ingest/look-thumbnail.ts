import type { Frame } from 'node-av/lib';

import { lookThumbnailBytesMax, lookThumbnailWidth } from '#server/contracts/look.ts';
import type { PictureRegion } from '#server/contracts/picture-region.ts';
import { displaySize } from '#sidecars/encode/display-size.ts';
import { encodeJpeg } from '#sidecars/encode/jpeg.ts';
import { quietLibav } from '#sidecars/encode/libav-log.ts';
import { PictureScaler } from '#sidecars/encode/picture-scaler.ts';

import { MaskPainter } from './pictures/mask-painter.ts';
import { SourceError } from './source.ts';
import { planesOfFrame } from './transcode/video-transcoder.ts';

/** The first that is small enough is taken. */
const qualities = [75, 55, 35, 15];

/** A decoded picture as a small JPEG, masks painted over before it is one. */
export async function thumbnailOf(picture: Frame, masks: readonly PictureRegion[]): Promise<Buffer> {
  quietLibav();
  const { width, height } = displaySize(picture, lookThumbnailWidth);
  const scaler = new PictureScaler('full');
  try {
    const small = await scaler.scale(picture, width, height);
    new MaskPainter(masks).paint(planesOfFrame(small), width, height);
    for (const quality of qualities) {
      const jpeg = await encodeJpeg(small, quality);
      if (jpeg.length <= lookThumbnailBytesMax) return jpeg;
    }
    throw new SourceError('DATA_INVALID', 'the picture does not become small enough', { retry: true });
  } finally {
    scaler.close();
  }
}
