import { AVERROR_EAGAIN } from 'node-av/constants';
import { Frame, Packet, Rational, type CodecContext } from 'node-av/lib';

import { openDecoder } from '../picture/open-decoder.ts';

/** A decoder that understands nothing for this many units never will. */
const failuresMax = 100;

/** Pictures of one run's video out of its samples, in display order. One call at a time. */
export class LeadDecoder {
  readonly #context: CodecContext;
  readonly #packet = new Packet();
  readonly #frame = new Frame();
  #failures = 0;

  private constructor(context: CodecContext) {
    this.#context = context;
    this.#packet.alloc();
    this.#frame.alloc();
  }

  /** `init`: ftyp+moov of the track. */
  static async open(init: Buffer, timescale: number): Promise<LeadDecoder> {
    const context = await openDecoder(init, (opening) => {
      opening.pktTimebase = new Rational(1, timescale);
    });
    return new LeadDecoder(context);
  }

  /** Calls back for each picture that is ready, `frame.pts` being the sample's `pts`; the frame is only theirs until then. */
  async decode(
    sample: { data: Buffer; dts: number; pts: number; key: boolean },
    each: (frame: Frame) => Promise<void>,
  ): Promise<void> {
    const packet = this.#packet;
    packet.data = sample.data;
    packet.dts = BigInt(sample.dts);
    packet.pts = BigInt(sample.pts);
    packet.isKeyframe = sample.key;
    const sent = await this.#context.sendPacket(packet);
    packet.unref();
    if (sent < 0 && sent !== AVERROR_EAGAIN) {
      this.#failures += 1;
      if (this.#failures > failuresMax) throw new Error('the picture does not decode');
      return;
    }
    await this.#receive(each);
  }

  /** What reordering holds back. */
  async drain(each: (frame: Frame) => Promise<void>): Promise<void> {
    await this.#context.sendPacket(null);
    await this.#receive(each);
    this.#context.flushBuffers();
  }

  close(): void {
    this.#frame.free();
    this.#packet.free();
    this.#context.freeContext();
  }

  async #receive(each: (frame: Frame) => Promise<void>): Promise<void> {
    while ((await this.#context.receiveFrame(this.#frame)) >= 0) {
      this.#failures = 0;
      await each(this.#frame);
      this.#frame.unref();
    }
  }
}
