import {
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_PICTURE_TYPE_I,
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
  AVCOL_PRI_BT709,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_TRC_BT709,
  FF_ENCODER_LIBX264,
} from 'node-av/constants';
import { Codec, CodecContext, Dictionary, Packet, Rational, type Frame } from 'node-av/lib';

export interface EncodedPicture {
  /** Annex-B. */
  data: Buffer;
  pts: number;
  key: boolean;
}

export interface X264Options {
  width: number;
  height: number;
  fps: number;
  /** Ticks a second of `pts`. */
  timescale: number;
  preset: 'ultrafast' | 'veryfast';
  /** x264's quality; 23 is its default, higher is smaller. */
  crf: number;
  /** Bits a second of a peak, and the seconds of it that the decoder's buffer holds. */
  rateMax: number;
  bufferSeconds: number;
  threads: number;
  /** Key frames are asked for one by one; this is only the far bound. */
  gopSizeMax: number;
  /** Named by the sample entry: parameter sets then come apart from the pictures. Null: x264 chooses, and they are in band. */
  declared: { profile: 'high'; level: number } | null;
}

/** x264 for live use: no look-ahead, no B-frames, no scene cuts, a picture out for a picture in. */
export class X264Encoder {
  /** Parameter sets in Annex-B where the options declare them. */
  readonly parameterSets: Buffer | null;
  readonly #context: CodecContext;
  readonly #packet = new Packet();

  private constructor(context: CodecContext) {
    this.#context = context;
    this.parameterSets = context.extraData;
    this.#packet.alloc();
  }

  static async open(options: X264Options): Promise<X264Encoder> {
    const codec = Codec.findEncoderByName(FF_ENCODER_LIBX264);
    if (!codec) throw new Error('libx264 is not in this FFmpeg');
    const { width, height, declared } = options;
    const context = new CodecContext();
    context.allocContext3(codec);
    context.width = width;
    context.height = height;
    context.pixelFormat = AV_PIX_FMT_YUV420P;
    context.timeBase = new Rational(1, options.timescale);
    context.framerate = new Rational(Math.round(options.fps * 1000), 1000);
    context.gopSize = options.gopSizeMax;
    context.maxBFrames = 0;
    context.threadCount = options.threads;
    context.colorRange = AVCOL_RANGE_MPEG;
    context.colorSpace = AVCOL_SPC_BT709;
    context.colorPrimaries = AVCOL_PRI_BT709;
    context.colorTrc = AVCOL_TRC_BT709;
    context.rcMaxRate = BigInt(options.rateMax);
    context.rcBufferSize = Math.round(options.rateMax * options.bufferSeconds);
    if (declared) {
      context.level = declared.level;
      context.flags = AV_CODEC_FLAG_GLOBAL_HEADER;
    }
    const settings = Dictionary.fromObject({
      preset: options.preset,
      tune: 'zerolatency',
      crf: String(options.crf),
      sc_threshold: '0',
      'forced-idr': '1',
      ...(declared && { profile: declared.profile }),
    });
    const opened = await context.open2(codec, settings);
    settings.free();
    if (opened < 0) {
      context.freeContext();
      throw new Error(`x264 refuses ${width}×${height} (${opened})`);
    }
    return new X264Encoder(context);
  }

  /** A picture of the size told, `pts` rising; the first is a key frame whatever is asked. One call at a time. */
  async encode(frame: Frame, key: boolean): Promise<EncodedPicture | null> {
    frame.pictType = key ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    const sent = await this.#context.sendFrame(frame);
    if (sent < 0) throw new Error(`x264 takes no picture (${sent})`);
    const packet = this.#packet;
    // Encoded while it was sent: taking it is no work for another thread.
    if (this.#context.receivePacketSync(packet) < 0) return null;
    const { data, pts, isKeyframe } = packet;
    // The packet's memory is shared with libav; a reader may hold the picture longer.
    const encoded = data && { data: Buffer.from(data), pts: Number(pts), key: isKeyframe };
    packet.unref();
    return encoded;
  }

  close(): void {
    this.#packet.free();
    this.#context.freeContext();
  }
}
