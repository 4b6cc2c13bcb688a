import type { SourceFault } from '#server/contracts/doctor.ts';

/** What every input (RTSP, libav, drawn; later RTMP and WHIP) turns into, and how it fails. */

export type VideoCodec = 'h264' | 'hevc' | 'av1' | 'vp9';
export type AudioCodec = 'aac' | 'opus';
/** Codecs that browsers can't play or CMAF does not carry: decoded and encoded before packaging. */
export type ForeignCodec = 'mjpeg' | 'mpeg4' | 'mpeg2video' | 'pcm_alaw' | 'pcm_mulaw' | 'mp3' | 'ac3' | 'other';

interface SourceTrackBase {
  /** The input's own number; `AccessUnit.track` names it. */
  id: number;
  /** Ticks a second of pts and dts as they come. */
  timescale: number;
  /** Where the source's time stamps wrap: RTP 32, MPEG-TS 33, else 64. */
  wrapBits: 32 | 33 | 64;
  language?: string;
}
export interface SourceVideoTrack extends SourceTrackBase {
  kind: 'video';
  codec: VideoCodec | ForeignCodec;
  /** avcC, hvcC, av1C or vpcC record where known before the first picture; else the parameter sets come in band. */
  config: Buffer | null;
  width: number | null;
  height: number | null;
  fpsAnnounced: number | null;
}
export interface SourceAudioTrack extends SourceTrackBase {
  kind: 'audio';
  codec: AudioCodec | ForeignCodec;
  /** AudioSpecificConfig (ISO/IEC 14496-3) or OpusHead (RFC 7845). */
  config: Buffer | null;
  channels: number;
  sampleRate: number;
}
export type SourceTrack = SourceVideoTrack | SourceAudioTrack;

/** The bytes of an access unit, in the form that costs no copy before the chunk is written. */
export type Payload =
  /** NAL units with start codes, as libav hands them out; parameter sets in band. */
  | { form: 'annexb'; data: Buffer }
  /** Length-prefixed NAL units in pieces (RTP); parameter sets are taken out and stand beside. */
  | { form: 'pieces'; pieces: Buffer[]; size: number; parameterSets: Buffer[] }
  /** The sample as MP4 carries it: AAC access unit, Opus packet, AV1 temporal unit, length-prefixed NALs. */
  | { form: 'sample'; data: Buffer };

export interface AccessUnit {
  track: number;
  /** Source ticks, wrapped; null where the source does not tell (RTP has no dts). */
  pts: number | null;
  dts: number | null;
  key: boolean;
  payload: Payload;
  /** UTC µs when its last byte came, on a clock that does not step (`monotonicUtcUs`). */
  arrivalUs: number;
  /** Something before it was lost on the way. */
  lostBefore: boolean;
}

/** What a source says while it is read, in order. */
export type SourceEvent =
  /** First, and again when a track appears, vanishes or is of another codec: begins a new run. */
  | { type: 'tracks'; tracks: SourceTrack[] }
  | { type: 'unit'; unit: AccessUnit }
  /** The sender's clock: `ticks` of `track` (wrapped) happened at `utcUs`. RTCP SR (RFC 3550 §6.4.1) or PRFT. */
  | {
      type: 'clock';
      track: number;
      ticks: number;
      utcUs: number;
      kind: 'capture' | 'sr' | 'synthetic';
      arrivalUs: number;
    }
  | { type: 'lost'; track: number; packets: number };

export type SourceSink = (event: SourceEvent) => void;

/** A source that is open. `done` resolves when it ends as planned (a file without loop), rejects with SourceError otherwise. */
export interface OpenSource {
  done: Promise<void>;
  /**
   * Makes the next picture a key frame, or with `from` the first at that time stamp of its track or behind it, where there is an encoder to
   * ask; false where there is none.
   */
  demandKeyFrame?: (from?: number | null) => boolean;
  /** Interrupts a blocked read; resolves when nothing of it is left. May be called twice. */
  close: () => Promise<void>;
}

export class SourceError extends Error {
  readonly code: SourceFault;
  /** Whether trying again without a change can help. */
  readonly retry: boolean;
  constructor(code: SourceFault, message: string, options: { retry: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'SourceError';
    this.code = code;
    this.retry = options.retry;
  }
}

const originUs = Date.now() * 1000 - performance.now() * 1000;
/** UTC µs that only ever goes forward: NTP steps don't reach media time stamps. */
export function monotonicUtcUs(): number {
  return Math.round(originUs + performance.now() * 1000);
}
