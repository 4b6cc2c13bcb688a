import { AV_PIX_FMT_YUV420P, AVCOL_RANGE_MPEG } from 'node-av/constants';
import { Frame, Rational } from 'node-av/lib';

import type { PictureRegion } from '#server/contracts/picture-region.ts';

import { runSource } from '../libav/live-run.ts';
import { Pacer } from '../libav/pacer.ts';
import { MaskPainter, planesOf } from '../pictures/mask-painter.ts';
import { monotonicUtcUs, type OpenSource, type SourceSink } from '../source.ts';
import { H264Encoder } from '../transcode/h264-encoder.ts';
import { encoderTimescale } from '../transcode/output-rates.ts';
import { DrawnPicture, type DrawnSource } from './drawn-picture.ts';

const clockEachUs = 10_000_000;
const trackId = 0;

/** Opens a drawn camera: pictures at their due time by the monotonic clock, which is also what stands in them. */
export async function openSynthetic(
  options: { source: DrawnSource & { masks?: readonly PictureRegion[] | undefined }; signal: AbortSignal },
  sink: SourceSink,
): Promise<OpenSource> {
  const { source } = options;
  const fps = source.options.fps ?? 15;
  const picture = new DrawnPicture(source);
  const painter = source.masks ? new MaskPainter(source.masks) : null;
  const encoder = await H264Encoder.open({
    width: picture.width,
    height: picture.height,
    fps,
    gopSeconds: source.options.gopSeconds ?? 2,
    crf: 25,
  });
  const stopping = new AbortController();
  const signal = AbortSignal.any([options.signal, stopping.signal]);

  sink({
    type: 'tracks',
    tracks: [
      {
        id: trackId,
        kind: 'video',
        codec: 'h264',
        timescale: encoderTimescale,
        wrapBits: 64,
        config: null,
        width: picture.width,
        height: picture.height,
        fpsAnnounced: fps,
      },
    ],
  });
  const frame = new Frame();
  frame.alloc();
  frame.width = picture.width;
  frame.height = picture.height;
  frame.format = AV_PIX_FMT_YUV420P;
  frame.colorRange = AVCOL_RANGE_MPEG;
  frame.timeBase = new Rational(1, encoderTimescale);
  frame.getBuffer(0);
  const open = runSource({
    work: () => drawOn({ picture, painter, encoder, frame, fps, signal }, sink),
    release: () => {
      frame.free();
      encoder.close();
      return Promise.resolve();
    },
    stopping,
    signal,
  });
  return { ...open, demandKeyFrame: (from = null) => encoder.demandKeyFrame(from) };
}

async function drawOn(
  work: {
    picture: DrawnPicture;
    painter: MaskPainter | null;
    encoder: H264Encoder;
    frame: Frame;
    fps: number;
    signal: AbortSignal;
  },
  sink: SourceSink,
): Promise<void> {
  const pacer = new Pacer();
  let clockUs = 0;
  for (let count = 0; !work.signal.aborted; count += 1) {
    const mediaUs = (count * 1_000_000) / work.fps;
    const pts = Math.round((count * encoderTimescale) / work.fps);
    const { utcUs, anchored } = await pacer.wait(mediaUs, work.signal);
    work.frame.makeWritable();
    const drawn = work.picture.at(utcUs / 1000);
    const { width, height } = work.picture;
    work.painter?.paint(planesOf(drawn, width, height), width, height);
    work.frame.fromBuffer(drawn);
    work.frame.pts = BigInt(pts);
    const picture = await work.encoder.encode(work.frame);
    if (anchored || utcUs - clockUs > clockEachUs) {
      clockUs = utcUs;
      sink({ type: 'clock', track: trackId, ticks: pts, utcUs, kind: 'synthetic', arrivalUs: monotonicUtcUs() });
    }
    if (!picture) continue;
    const { data, pts: at, key } = picture;
    sink({
      type: 'unit',
      unit: {
        track: trackId,
        pts: at,
        dts: at,
        key,
        payload: { form: 'annexb', data },
        arrivalUs: monotonicUtcUs(),
        lostBefore: false,
      },
    });
  }
}
