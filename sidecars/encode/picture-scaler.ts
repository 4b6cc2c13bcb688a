import {
  AV_PIX_FMT_GRAY8,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUVJ420P,
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  SWS_BILINEAR,
  type AVPixelFormat,
} from 'node-av/constants';
import { Frame, SoftwareScaleContext } from 'node-av/lib';

/** What comes out: 4:2:0 in the `narrow` range (16…235) of video or in the `full` one (0…255) of JPEG, or the `luma` of the latter alone. */
const outputs = {
  narrow: { format: AV_PIX_FMT_YUV420P, colorRange: AVCOL_RANGE_MPEG },
  full: { format: AV_PIX_FMT_YUVJ420P, colorRange: AVCOL_RANGE_JPEG },
  luma: { format: AV_PIX_FMT_GRAY8, colorRange: AVCOL_RANGE_JPEG },
} as const;

/** Pictures of any size and format in one format and the size asked for. One call at a time. */
export class PictureScaler {
  readonly #output: (typeof outputs)[keyof typeof outputs];
  readonly #scaled = new Frame();
  #context: { context: SoftwareScaleContext; key: string } | null = null;

  constructor(output: keyof typeof outputs) {
    this.#output = outputs[output];
    this.#scaled.alloc();
  }

  /** Lends a frame of its own until the next call; time stamps are the caller's to set. */
  async scale(picture: Frame, width: number, height: number): Promise<Frame> {
    const scaled = this.#scaled;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- libav gives a video frame a pixel format
    const format = picture.format as AVPixelFormat;
    const key = `${picture.width}×${picture.height}:${format}→${width}×${height}`;
    if (this.#context?.key !== key) {
      this.#context?.context.freeContext();
      const context = new SoftwareScaleContext();
      context.getContext(picture.width, picture.height, format, width, height, this.#output.format, SWS_BILINEAR);
      this.#context = { context, key };
      scaled.unref();
      scaled.width = width;
      scaled.height = height;
      scaled.format = this.#output.format;
      scaled.colorRange = this.#output.colorRange;
      scaled.getBuffer(0);
    }
    // An encoder may hold the last one still.
    scaled.makeWritable();
    const code = await this.#context.context.scaleFrame(scaled, picture);
    if (code < 0) throw new Error(`the scaler refuses (${code})`);
    return scaled;
  }

  close(): void {
    this.#context?.context.freeContext();
    this.#scaled.free();
  }
}
