import { AV_PIX_FMT_YUVJ420P, AVCOL_RANGE_JPEG, SWS_BILINEAR, type AVPixelFormat } from 'node-av/constants';
import { Frame, Rational, SoftwareScaleContext } from 'node-av/lib';

import { lookThumbnailBytesMax, lookThumbnailWidth } from '#server/contracts/look.ts';
import type { PictureRegion } from '#server/contracts/picture-region.ts';

import { quietLibav } from './libav/libav-log.ts';
import { MaskPainter } from './pictures/mask-painter.ts';
import { SourceError } from './source.ts';
import { planesOfFrame } from './transcode/video-transcoder.ts';

/** The first that is small enough is taken. */
const qualities = [75, 55, 35, 15];

/** A decoded picture as a small JPEG, masks painted over before it is one. */
export async function thumbnailOf(picture: Frame, masks: readonly PictureRegion[]): Promise<Buffer> {
  quietLibav();
  const { num, den } = picture.sampleAspectRatio;
  const displayed = num > 0 && den > 0 ? (picture.width * num) / den : picture.width;
  const width = even(Math.min(lookThumbnailWidth, displayed));
  const height = even((picture.height * width) / displayed);
  const small = new Frame();
  const scaler = new SoftwareScaleContext();
  // Loaded with the first look: it is the larger half of node-av.
  const { Scaler } = await import('node-av/api');
  const coder = new Scaler();
  try {
    small.alloc();
    small.width = width;
    small.height = height;
    small.format = AV_PIX_FMT_YUVJ420P;
    small.colorRange = AVCOL_RANGE_JPEG;
    small.timeBase = new Rational(1, 90_000);
    small.getBuffer(0);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- libav gives a video frame a pixel format
    const format = picture.format as AVPixelFormat;
    scaler.getContext(picture.width, picture.height, format, width, height, AV_PIX_FMT_YUVJ420P, SWS_BILINEAR);
    const code = await scaler.scaleFrame(small, picture);
    if (code < 0) throw new SourceError('INTERNAL', `the scaler refuses (${code})`, { retry: true });
    new MaskPainter(masks).paint(planesOfFrame(small), width, height);
    for (const quality of qualities) {
      const jpeg = Buffer.from(await coder.toJpeg(small, { quality }));
      if (jpeg.length <= lookThumbnailBytesMax) return jpeg;
    }
    throw new SourceError('DATA_INVALID', 'the picture does not become small enough', { retry: true });
  } finally {
    coder.close();
    scaler.freeContext();
    small.free();
  }
}

const even = (value: number) => Math.max(2, 2 * Math.round(value / 2));
