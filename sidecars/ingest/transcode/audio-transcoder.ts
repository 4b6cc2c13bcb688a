import { AV_CODEC_ID_AAC, AV_SAMPLE_FMT_FLTP, type AVSampleFormat } from 'node-av/constants';
import {
  avChannelLayoutDefault,
  Codec,
  CodecContext,
  Frame,
  Packet,
  Rational,
  SoftwareResampleContext,
} from 'node-av/lib';

import { SourceError, type AccessUnit, type SourceAudioTrack } from '../source.ts';
import { decoderIds } from './decoder-ids.ts';
import { aacSampleRate } from './output-rates.ts';
import { decodableBytes } from './payload-bytes.ts';
import { Unwrapper } from './unwrapper.ts';

const frameSamples = 1024;
const bitsPerChannel = 64_000;
/** Time stamps that wander less than this follow the count of samples; more is a gap or a jump. */
const driftSamplesMax = aacSampleRate / 10;
const failuresMax = 100;

export interface EncodedSound {
  data: Buffer;
  /** In samples of 48 kHz, on the source's time line. */
  pts: number;
}

/** Any sound that libav reads, as AAC-LC at 48 kHz, mono or stereo. A frame costs tens of microseconds, so it is done at once. */
export class AudioTranscoder {
  private readonly track: SourceAudioTrack;
  private readonly decoder: CodecContext;
  private readonly encoder: CodecContext;
  private readonly packet = new Packet();
  private readonly frame = new Frame();
  private readonly unwrapper: Unwrapper;
  private readonly planes: Float32Array[];
  private resampler: { context: SoftwareResampleContext; key: string } | null = null;
  private held = 0;
  private nextPts: number | null = null;
  private failures = 0;
  readonly channels: 1 | 2;
  /** AudioSpecificConfig. */
  readonly config: Buffer;

  private constructor(options: {
    track: SourceAudioTrack;
    decoder: CodecContext;
    encoder: CodecContext;
    channels: 1 | 2;
  }) {
    this.track = options.track;
    this.decoder = options.decoder;
    this.encoder = options.encoder;
    this.channels = options.channels;
    this.unwrapper = new Unwrapper(options.track.wrapBits);
    this.config = Buffer.from(options.encoder.extraData ?? []);
    this.planes = Array.from({ length: options.channels }, () => new Float32Array(aacSampleRate));
    this.packet.alloc();
    this.frame.alloc();
  }

  static async open(track: SourceAudioTrack): Promise<AudioTranscoder> {
    const id = decoderIds.get(track.codec);
    const codec = id === undefined ? null : Codec.findDecoder(id);
    const aac = Codec.findEncoder(AV_CODEC_ID_AAC);
    if (!codec || !aac) throw new SourceError('CODEC_UNSUPPORTED', `no decoder for ${track.codec}`, { retry: false });
    const channels = track.channels > 1 ? 2 : 1;
    const decoder = new CodecContext();
    decoder.allocContext3(codec);
    decoder.sampleRate = track.sampleRate;
    decoder.channelLayout = avChannelLayoutDefault(track.channels);
    if (track.config) decoder.extraData = track.config;
    decoder.pktTimebase = new Rational(1, track.timescale);
    const encoder = new CodecContext();
    encoder.allocContext3(aac);
    encoder.sampleRate = aacSampleRate;
    encoder.sampleFormat = AV_SAMPLE_FMT_FLTP;
    encoder.channelLayout = avChannelLayoutDefault(channels);
    encoder.bitRate = BigInt(bitsPerChannel * channels);
    encoder.timeBase = new Rational(1, aacSampleRate);
    const opened = [await decoder.open2(codec, null), await encoder.open2(aac, null)];
    if (opened.some((code) => code < 0)) {
      decoder.freeContext();
      encoder.freeContext();
      throw new SourceError('CODEC_UNSUPPORTED', `${track.codec} can't be made AAC (${opened.join(', ')})`, {
        retry: false,
      });
    }
    return new AudioTranscoder({ track, decoder, encoder, channels });
  }

  transcode(unit: AccessUnit): EncodedSound[] {
    const stamp = unit.pts ?? unit.dts;
    this.packet.data = decodableBytes(unit.payload);
    const sent = this.decoder.sendPacketSync(this.packet);
    this.packet.unref();
    if (sent < 0) {
      this.failures += 1;
      if (this.failures > failuresMax)
        throw new SourceError('DATA_INVALID', 'the sound does not decode', { retry: true });
      return [];
    }
    let start = stamp === null ? null : this.toSamples(stamp);
    const sounds: EncodedSound[] = [];
    while (this.decoder.receiveFrameSync(this.frame) >= 0) {
      this.failures = 0;
      this.follow(start);
      start = null;
      this.resample(this.frame);
      this.frame.unref();
      sounds.push(...this.encodeHeld());
    }
    return sounds;
  }

  /** Maps a time stamp of the source as those of its units are mapped. */
  toSamples(ticks: number): number {
    return Math.round((this.unwrapper.unwrap(ticks) * aacSampleRate) / this.track.timescale);
  }

  close(): void {
    this.resampler?.context.free();
    this.frame.free();
    this.packet.free();
    this.encoder.freeContext();
    this.decoder.freeContext();
  }

  private follow(start: number | null): void {
    if (start === null) return;
    const expected = this.nextPts === null ? null : this.nextPts + this.held;
    if (expected !== null && Math.abs(start - expected) < driftSamplesMax) return;
    this.held = 0;
    this.nextPts = start;
  }

  private resample(sound: Frame): void {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- libav gives a sound frame a sample format
    const format = sound.format as AVSampleFormat;
    const key = `${sound.sampleRate}:${format}:${sound.channels}`;
    if (this.resampler?.key !== key) {
      this.resampler?.context.free();
      const context = new SoftwareResampleContext();
      const target = avChannelLayoutDefault(this.channels);
      const layout = avChannelLayoutDefault(sound.channels);
      context.allocSetOpts2(target, AV_SAMPLE_FMT_FLTP, aacSampleRate, layout, format, sound.sampleRate);
      const code = context.init();
      if (code < 0) throw new SourceError('INTERNAL', `the resampler refuses (${code})`, { retry: true });
      this.resampler = { context, key };
    }
    const count = Math.ceil((sound.nbSamples * aacSampleRate) / sound.sampleRate) + 64;
    const out = this.planes.map(() => Buffer.alloc(count * 4));
    const made = this.resampler.context.convertSync(out, count, sound.extendedData ?? sound.data, sound.nbSamples);
    if (made < 0) throw new SourceError('INTERNAL', `the resampler stops (${made})`, { retry: true });
    for (const [index, plane] of this.planes.entries()) {
      const bytes = out[index];
      if (!bytes) continue;
      const samples = new Float32Array(bytes.buffer, bytes.byteOffset, made);
      plane.set(samples.subarray(0, Math.max(0, plane.length - this.held)), this.held);
    }
    this.held = Math.min(this.held + made, aacSampleRate);
  }

  private encodeHeld(): EncodedSound[] {
    const sounds: EncodedSound[] = [];
    for (; this.held >= frameSamples; this.held -= frameSamples) {
      const pts = this.nextPts ?? 0;
      this.nextPts = pts + frameSamples;
      const bytes = Buffer.concat(
        this.planes.map((plane) => Buffer.from(plane.buffer, plane.byteOffset, frameSamples * 4)),
      );
      const frame = Frame.fromAudioBuffer(bytes, {
        nbSamples: frameSamples,
        format: AV_SAMPLE_FMT_FLTP,
        sampleRate: aacSampleRate,
        channelLayout: avChannelLayoutDefault(this.channels),
        timeBase: { num: 1, den: aacSampleRate },
        pts: BigInt(pts),
      });
      for (const plane of this.planes) plane.copyWithin(0, frameSamples, this.held);
      const sent = this.encoder.sendFrameSync(frame);
      frame.free();
      if (sent < 0) throw new SourceError('INTERNAL', `the AAC encoder refuses (${sent})`, { retry: true });
      while (this.encoder.receivePacketSync(this.packet) >= 0) {
        const { data } = this.packet;
        if (data) sounds.push({ data: Buffer.from(data), pts: Number(this.packet.pts) });
        this.packet.unref();
      }
    }
    return sounds;
  }
}
