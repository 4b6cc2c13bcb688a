import type { DoctorReport } from '#server/contracts/doctor.ts';
import { CodecError } from '#sidecars/codec/bit-reader.ts';

import { audioFormatOf } from '../codec/audio-format.ts';
import { isForeign } from '../codec/foreign-codec.ts';
import type { AccessUnit, SourceAudioTrack, SourceEvent, SourceVideoTrack } from '../source.ts';
import { Unwrapper } from '../transcode/unwrapper.ts';
import type { KeyPicture } from './key-picture.ts';

const clockOffsetMsMax = 2000;
/** Pictures before it may have been queued while it opened. */
const unitsMax = 20_000;

interface Seen {
  seconds: number;
  arrivalUs: number;
  key: boolean;
}

/** What is left to say about the picture besides its figures. */
export interface Signs {
  keyIntervals: number[];
  intervals: number[];
  lost: number;
  audioSeen: number;
  audioSound: number;
  spanSeconds: number;
}

/** Listens to a source for a while and measures it. */
export class Examination {
  videoTrack: SourceVideoTrack | null = null;
  private audioTrack: SourceAudioTrack | null = null;
  firstKey: AccessUnit | null = null;
  private startedAt = performance.now();
  private finishedAt: number | null = null;
  private firstKeyAt: number | null = null;
  private firstUnitAt: number | null = null;
  private unwrapper = new Unwrapper(64);
  private pictures: Seen[] = [];
  private bFrames = false;
  private newestSeconds = Number.NEGATIVE_INFINITY;
  private bytes = 0;
  private lost = 0;
  private audio = { seen: 0, sound: 0 };
  private clock: { kind: 'capture' | 'sr' | 'synthetic'; ticks: number; utcUs: number } | null = null;

  get hasPicture(): boolean {
    return this.firstKey !== null;
  }

  get isSoundOnly(): boolean {
    return this.videoTrack === null && this.audioTrack !== null;
  }

  begin(): void {
    this.startedAt = performance.now();
  }

  finish(): void {
    this.finishedAt ??= performance.now();
  }

  take(event: SourceEvent): void {
    if (this.finishedAt !== null) return;
    switch (event.type) {
      case 'tracks':
        this.takeTracks(event.tracks);
        return;
      case 'unit':
        this.takeUnit(event.unit);
        return;
      case 'clock':
        if (event.track === this.videoTrack?.id)
          this.clock = { kind: event.kind, ticks: event.ticks, utcUs: event.utcUs };
        return;
      case 'lost':
        this.lost += event.packets;
        return;
    }
  }

  signs(): Signs {
    const keys = this.pictures.filter(({ key }) => key);
    return {
      keyIntervals: steps(keys),
      intervals: steps(this.pictures.toSorted((a, b) => a.seconds - b.seconds)),
      lost: this.lost,
      audioSeen: this.audio.seen,
      audioSound: this.audio.sound,
      spanSeconds: this.span(),
    };
  }

  /** `intervalSeconds`: of single pictures, which have the rate that they are asked at. */
  findings(options: {
    forced: boolean;
    picture: KeyPicture | null;
    intervalSeconds: number | null;
  }): Omit<DoctorReport, 'outcome' | 'fault' | 'steps' | 'advice' | 'picture'> {
    const { clock, offsetMs } = this.clockFound();
    const span = this.span();
    const seconds = ((this.finishedAt ?? performance.now()) - (this.firstUnitAt ?? performance.now())) / 1000;
    return {
      video: this.videoFound(options),
      audio: this.audioTrack && {
        codec: this.audioTrack.codec,
        channels: this.audioTrack.channels,
        sampleRate: this.audioTrack.sampleRate,
        transcoded: this.audioTrack.codec === 'opus' || isForeign(this.audioTrack.codec),
      },
      clock,
      clockOffsetMs: offsetMs,
      bitrate: span > 0.5 ? Math.round((this.bytes * 8) / span) : null,
      firstFrameMs: this.firstKeyAt === null ? null : Math.round(this.firstKeyAt - this.startedAt),
      readSeconds: Math.max(0, Math.round(seconds * 10) / 10),
    };
  }

  private videoFound(options: {
    forced: boolean;
    picture: KeyPicture | null;
    intervalSeconds: number | null;
  }): DoctorReport['video'] {
    const track = this.videoTrack;
    if (!track || this.firstKey === null) return null;
    const keyIntervals = steps(this.pictures.filter(({ key }) => key));
    const span = this.span();
    const { intervalSeconds } = options;
    const measured = span > 0 ? (this.pictures.length - 1) / span : 0;
    return {
      codec: track.codec,
      profile: options.picture?.profile ?? null,
      width: options.picture?.width ?? track.width ?? 0,
      height: options.picture?.height ?? track.height ?? 0,
      fps: Math.round((intervalSeconds === null ? measured : 1 / intervalSeconds) * 100) / 100,
      fpsAnnounced: track.fpsAnnounced,
      gopSeconds:
        intervalSeconds === null && keyIntervals.length > 0
          ? Math.round(Math.max(...keyIntervals) * 1000) / 1000
          : null,
      bFrames: this.bFrames,
      transcoded: options.forced || isForeign(track.codec),
    };
  }

  private clockFound(): { clock: DoctorReport['clock']; offsetMs: number | null } {
    const { clock, videoTrack: track } = this;
    if (!clock || !track) return { clock: 'arrival', offsetMs: null };
    // What came quickest shows how the source's time lies to ours.
    const base = Math.min(...this.pictures.map(({ seconds, arrivalUs }) => arrivalUs - seconds * 1_000_000));
    if (!Number.isFinite(base)) return { clock: clock.kind, offsetMs: null };
    const seconds = this.unwrapper.unwrap(clock.ticks) / track.timescale;
    const offsetMs = Math.round((clock.utcUs - (base + seconds * 1_000_000)) / 1000);
    const wrong = clock.kind === 'sr' && Math.abs(offsetMs) > clockOffsetMsMax;
    return { clock: wrong ? 'sr-rate' : clock.kind, offsetMs };
  }

  private takeTracks(tracks: readonly (SourceVideoTrack | SourceAudioTrack)[]): void {
    for (const track of tracks) {
      if (track.kind === 'audio') this.audioTrack = track;
      else if (this.videoTrack?.id !== track.id || this.videoTrack.codec !== track.codec) {
        this.videoTrack = track;
        this.unwrapper = new Unwrapper(track.wrapBits);
      }
    }
  }

  private takeUnit(unit: AccessUnit): void {
    const { payload } = unit;
    this.firstUnitAt ??= performance.now();
    this.bytes += payload.form === 'pieces' ? payload.size : payload.data.length;
    if (unit.lostBefore) this.lost += 1;
    if (unit.track === this.videoTrack?.id) this.takePicture(unit, this.videoTrack);
    else if (unit.track === this.audioTrack?.id) this.takeSound(unit, this.audioTrack);
  }

  private takePicture(unit: AccessUnit, track: SourceVideoTrack): void {
    const ticks = unit.pts ?? unit.dts;
    if (ticks === null || this.pictures.length >= unitsMax) return;
    const seconds = this.unwrapper.unwrap(ticks) / track.timescale;
    // Units come in the order of decoding: one that is shown before an earlier one was reordered.
    if (seconds < this.newestSeconds && this.newestSeconds - seconds < 2) this.bFrames = true;
    this.newestSeconds = Math.max(this.newestSeconds, seconds);
    if (unit.key && this.firstKey === null) {
      this.firstKey = unit;
      this.firstKeyAt = performance.now();
    }
    this.pictures.push({ seconds, arrivalUs: unit.arrivalUs, key: unit.key });
  }

  private takeSound(unit: AccessUnit, track: SourceAudioTrack): void {
    this.audio.seen += 1;
    if (unit.payload.form === 'pieces' || isForeign(track.codec)) {
      this.audio.sound += 1;
      return;
    }
    try {
      const format = audioFormatOf(track, unit.payload.data);
      if (format && format.samplesOf(unit.payload.data) > 0) this.audio.sound += 1;
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
    }
  }

  private span(): number {
    const all = this.pictures.map(({ seconds }) => seconds);
    return all.length < 2 ? 0 : Math.max(...all) - Math.min(...all);
  }
}

function steps(pictures: readonly Seen[]): number[] {
  return pictures.slice(1).map(({ seconds }, index) => seconds - (pictures[index]?.seconds ?? seconds));
}
