import { AV_CODEC_FLAG_QSCALE, AVCOL_RANGE_JPEG, FF_ENCODER_MJPEG, FF_QP2LAMBDA } from 'node-av/constants';
import { Codec, CodecContext, Packet, Rational, type Frame } from 'node-av/lib';

/** What libav's scale of quantisers goes over, best first. */
const scaleMin = 2;
const scaleMax = 31;

/** A picture in 4:2:0 of the full range, even in both directions, as a JPEG. `quality`: 1…100. */
export async function encodeJpeg(picture: Frame, quality: number): Promise<Buffer> {
  const codec = Codec.findEncoderByName(FF_ENCODER_MJPEG);
  if (!codec) throw new Error('there is no JPEG encoder in this FFmpeg');
  const context = new CodecContext();
  const packet = new Packet();
  try {
    const share = (100 - Math.max(1, Math.min(100, quality))) / 99;
    const lambda = Math.round(scaleMin + share * (scaleMax - scaleMin)) * FF_QP2LAMBDA;
    context.allocContext3(codec);
    context.width = picture.width;
    context.height = picture.height;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- libav gives a video frame a pixel format
    context.pixelFormat = picture.format as typeof context.pixelFormat;
    context.colorRange = AVCOL_RANGE_JPEG;
    context.timeBase = new Rational(1, 25);
    context.threadCount = 1;
    context.flags = AV_CODEC_FLAG_QSCALE;
    context.globalQuality = lambda;
    const opened = await context.open2(codec, null);
    if (opened < 0) throw new Error(`the JPEG encoder refuses ${picture.width}×${picture.height} (${opened})`);
    packet.alloc();
    picture.pts = 0n;
    picture.quality = lambda;
    const sent = await context.sendFrame(picture);
    const data = sent < 0 || context.receivePacketSync(packet) < 0 ? null : packet.data;
    if (!data) throw new Error(`the JPEG encoder gives nothing (${sent})`);
    // The packet's memory is shared with libav.
    return Buffer.from(data);
  } finally {
    packet.free();
    context.freeContext();
  }
}
