import { parseAudioSpecificConfig, silentAacFrame } from '#sidecars/codec/aac.ts';

import {
  monotonicUtcUs,
  type AccessUnit,
  type SourceAudioTrack,
  type SourceEvent,
  type SourceTrack,
} from '../source.ts';
import { slateFps, slatePictures, slateSize } from './slate-pictures.ts';

/** What takes the slate in: the packager. */
export interface SlateTaker {
  onEvent: (event: SourceEvent) => void;
  /** What follows is made here, until the next `reconnect`. */
  slate?: () => void;
}

const videoTrack = 0;
const soundTrack = 1;
const timescale = 90_000;
const frameUs = 1_000_000 / slateFps;
/** What one turn sends at most: a process that slept does not catch up. */
const catchUpUs = 2_000_000;

/**
 * Pictures and silence in place of a source that is away, so that players that know nothing of us stay. In the codec of the source only: to another
 * no decoder follows (media contract §6).
 */
export class OutageSlate {
  readonly #taker: SlateTaker;
  #timer: NodeJS.Timeout | null = null;
  #sound: { track: SourceAudioTrack; frame: Buffer; frameSamples: number } | null = null;
  #startUs = 0;
  #pictures = 0;
  #frames = 0;

  constructor(taker: SlateTaker) {
    this.#taker = taker;
  }

  get isRunning(): boolean {
    return this.#timer !== null;
  }

  /** `tracks`: of the source that went. */
  begin(tracks: readonly SourceTrack[]): void {
    const isFitting = tracks.some((track) => track.kind === 'video' && track.codec === 'h264');
    if (this.isRunning || !isFitting || !this.#taker.slate) return;
    this.#sound = soundOf(tracks);
    this.#timer = setInterval(() => this.#tick(), frameUs / 1000);
    this.announce();
  }

  /** Begins its run; again where records go another way from now on. */
  announce(): void {
    if (!this.isRunning) return;
    this.#taker.slate?.();
    this.#startUs = monotonicUtcUs();
    this.#pictures = 0;
    this.#frames = 0;
    const own = { timescale, wrapBits: 64 as const };
    const video: SourceTrack = {
      ...own,
      id: videoTrack,
      kind: 'video',
      codec: 'h264',
      config: null,
      ...slateSize,
      fpsAnnounced: slateFps,
    };
    this.#taker.onEvent({ type: 'tracks', tracks: this.#sound ? [video, this.#sound.track] : [video] });
    const clock = {
      type: 'clock',
      ticks: 0,
      utcUs: this.#startUs,
      kind: 'synthetic',
      arrivalUs: this.#startUs,
    } as const;
    this.#taker.onEvent({ ...clock, track: videoTrack });
    this.#tick();
  }

  end(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  #tick(): void {
    const nowUs = monotonicUtcUs();
    const dueUs = nowUs - this.#startUs;
    if (dueUs - this.#pictures * frameUs > catchUpUs) return this.announce();
    for (; this.#pictures * frameUs <= dueUs; this.#pictures += 1) {
      const at = this.#pictures % slatePictures.length;
      const pts = Math.round((this.#pictures * timescale) / slateFps);
      const data = slatePictures[at] ?? Buffer.alloc(0);
      this.#unit({ track: videoTrack, pts, key: at === 0, payload: { form: 'annexb', data } }, nowUs);
    }
    const sound = this.#sound;
    if (!sound) return;
    const { frame, frameSamples, track } = sound;
    for (; (this.#frames * frameSamples * 1e6) / track.sampleRate <= dueUs; this.#frames += 1) {
      const pts = Math.round((this.#frames * frameSamples * timescale) / track.sampleRate);
      this.#unit({ track: soundTrack, pts, key: true, payload: { form: 'sample', data: frame } }, nowUs);
    }
  }

  #unit(unit: Pick<AccessUnit, 'track' | 'pts' | 'key' | 'payload'>, arrivalUs: number): void {
    this.#taker.onEvent({ type: 'unit', unit: { ...unit, dts: unit.pts, arrivalUs, lostBefore: false } });
  }
}

/** Silence like the source's AAC: a player that began with sound waits for it. */
function soundOf(
  tracks: readonly SourceTrack[],
): { track: SourceAudioTrack; frame: Buffer; frameSamples: number } | null {
  const source = tracks.find((track) => track.kind === 'audio' && track.codec === 'aac');
  if (source?.kind !== 'audio' || !source.config) return null;
  const aac = parseAudioSpecificConfig(source.config);
  const track: SourceAudioTrack = { ...source, id: soundTrack, timescale, wrapBits: 64 };
  return { track, frame: silentAacFrame(aac), frameSamples: aac.frameSamples };
}
