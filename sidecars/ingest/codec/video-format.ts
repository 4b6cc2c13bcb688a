import { parameterSetsOf, type NalScan } from '#sidecars/codec/annexb.ts';
import { av1CodecString, buildAv1C, findAv1Sequence, parseAv1C, type Av1Sequence } from '#sidecars/codec/av1.ts';
import { CodecError } from '#sidecars/codec/bit-reader.ts';
import { buildAvcC, h264CodecString, parseH264Sps, splitAvcC } from '#sidecars/codec/h264.ts';
import { buildHvcC, hevcCodecString, hevcVpsFps, parseHevcSps, splitHvcC } from '#sidecars/codec/hevc.ts';
import { buildVpcC, parseVp9KeyFrame, vp9CodecString } from '#sidecars/codec/vp9.ts';
import type { Payload, SourceVideoTrack, VideoCodec } from '#sidecars/ingest/source.ts';

/** What an init segment must know of a picture. */
export interface VideoFormat {
  sampleEntry: 'avc1' | 'hvc1' | 'hev1' | 'av01' | 'vp09';
  config: Buffer;
  /** RFC 6381 */
  codec: string;
  width: number;
  height: number;
  fps: number | null;
  /** Pictures that may be reordered; null where the headers do not say. */
  reorder: number | null;
}

/** avcC counts 31 sequence parameter sets with 16-bit lengths; nobody sends more. */
const setsMax = 31;
const setBytesMax = 65_535;

export function isVideoCodec(codec: SourceVideoTrack['codec']): codec is VideoCodec {
  return codec === 'h264' || codec === 'hevc' || codec === 'av1' || codec === 'vp9';
}

/**
 * Keeps the format of one video track: from its config record, and from the headers in band at every key frame. libav tells no change of
 * them mid-stream, so comparing is the only way to see one.
 */
export class VideoFormatWatch {
  readonly #track: SourceVideoTrack;
  readonly #codec: VideoCodec;
  #sets: Buffer[] = [];
  #current: VideoFormat | null = null;

  constructor(track: SourceVideoTrack, codec: VideoCodec) {
    this.#track = track;
    this.#codec = codec;
    if (track.config && track.config.length > 0) this.#current = this.#fromConfig(track.config);
  }

  get current(): VideoFormat | null {
    return this.#current;
  }

  /** Looks at a key frame; says whether the format is another one than before. Throws CodecError, and keeps the old one, on damage. */
  look(payload: Payload, scan: NalScan | null): boolean {
    switch (this.#codec) {
      case 'h264':
      case 'hevc':
        return this.#lookAtSets(payload, scan);
      case 'av1':
        return this.#lookAtAv1(payload);
      case 'vp9':
        return this.#lookAtVp9(payload);
    }
  }

  #lookAtSets(payload: Payload, scan: NalScan | null): boolean {
    if (payload.form === 'pieces') {
      if (payload.parameterSets.every((set) => this.#isKnown(set, 0, set.length))) return false;
      return this.#take(payload.parameterSets.map((set) => Buffer.from(set)));
    }
    if (payload.form !== 'annexb' || !scan) return false;
    let known = true;
    for (let i = 0; i < scan.setCount && known; i += 2) {
      known = this.#isKnown(payload.data, scan.setOffsets[i] ?? 0, scan.setOffsets[i + 1] ?? 0);
    }
    return known ? false : this.#take(parameterSetsOf(payload.data, this.#codec === 'hevc'));
  }

  #isKnown(data: Buffer, start: number, end: number): boolean {
    for (const set of this.#sets) {
      if (set.length === end - start && data.compare(set, 0, set.length, start, end) === 0) return true;
    }
    return false;
  }

  /** Sets of a type that the picture repeats replace all of that type; the others stay. */
  #take(fresh: Buffer[]): boolean {
    const hevc = this.#codec === 'hevc';
    const types = new Set(fresh.map((set) => nalType(set, hevc)));
    const sets = [...this.#sets.filter((set) => !types.has(nalType(set, hevc))), ...fresh];
    if (sets.length > setsMax || sets.some((set) => set.length > setBytesMax))
      throw new CodecError('too many parameter sets');
    const wanted = hevc ? [32, 33, 34] : [7, 8];
    const isComplete = wanted.every((type) => sets.some((set) => nalType(set, hevc) === type));
    const format = isComplete ? formatOfSets(sets, hevc) : null;
    this.#sets = sets;
    if (!format || (this.#current && format.config.equals(this.#current.config))) return false;
    this.#current = format;
    return true;
  }

  #lookAtAv1(payload: Payload): boolean {
    if (payload.form !== 'sample') return false;
    const sequence = findAv1Sequence(payload.data);
    if (!sequence) return false;
    const format = formatOfAv1(sequence);
    if (this.#current?.config.equals(format.config)) return false;
    this.#current = format;
    return true;
  }

  #lookAtVp9(payload: Payload): boolean {
    if (payload.form !== 'sample') return false;
    const header = parseVp9KeyFrame(payload.data);
    if (!header) return false;
    const { width, height } = header;
    const now = this.#current;
    if (now && now.width === width && now.height === height) return false;
    const config = buildVpcC(header);
    this.#current = {
      sampleEntry: 'vp09',
      config,
      codec: vp9CodecString(config),
      width,
      height,
      fps: null,
      reorder: 0,
    };
    return true;
  }

  #fromConfig(config: Buffer): VideoFormat | null {
    const hevc = this.#codec === 'hevc';
    switch (this.#codec) {
      case 'h264':
      case 'hevc': {
        if (config[0] !== 1) {
          this.#take(parameterSetsOf(config, hevc));
          return this.#current;
        }
        this.#sets = hevc ? splitHvcC(config) : splitAvcC(config);
        // The record as it came: it may count lengths in other than four bytes, as its samples do.
        return { ...formatOfSets(this.#sets, hevc), config: Buffer.from(config) };
      }
      case 'av1':
        return formatOfAv1(parseAv1C(config));
      case 'vp9': {
        const record = config.length >= 12 ? config.subarray(4, 12) : config;
        const { width, height } = this.#track;
        if (record.length < 8 || !width || !height) return null;
        return {
          sampleEntry: 'vp09',
          config: record,
          codec: vp9CodecString(record),
          width,
          height,
          fps: null,
          reorder: 0,
        };
      }
    }
  }
}

function nalType(set: Buffer, hevc: boolean): number {
  const header = set[0] ?? 0;
  return hevc ? (header >> 1) & 63 : header & 31;
}

function formatOfSets(sets: readonly Buffer[], hevc: boolean): VideoFormat {
  const first = sets.find((set) => nalType(set, hevc) === (hevc ? 33 : 7));
  if (!first) throw new CodecError('no sequence parameter set');
  if (hevc) {
    const sps = parseHevcSps(first);
    const vps = sets.find((set) => nalType(set, true) === 32);
    const { width, height, reorder } = sps;
    const fps = vps ? hevcVpsFps(vps) : null;
    return {
      sampleEntry: 'hvc1',
      config: buildHvcC(sets, sps),
      codec: hevcCodecString(sps),
      width,
      height,
      fps,
      reorder,
    };
  }
  const sps = parseH264Sps(first);
  const { width, height, fps, reorder } = sps;
  return {
    sampleEntry: 'avc1',
    config: buildAvcC(sets, sps),
    codec: h264CodecString(sps),
    width,
    height,
    fps,
    reorder,
  };
}

function formatOfAv1(sequence: Av1Sequence): VideoFormat {
  const { width, height } = sequence;
  return {
    sampleEntry: 'av01',
    config: buildAv1C(sequence),
    codec: av1CodecString(sequence),
    width,
    height,
    fps: null,
    reorder: 0,
  };
}
