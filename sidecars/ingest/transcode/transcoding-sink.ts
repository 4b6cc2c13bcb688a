import type { Logger } from 'pino';

import type { PictureRegion } from '#server/contracts/picture-region.ts';

import { isForeign } from '../codec/foreign-codec.ts';
import { SourceError, type AccessUnit, type SourceEvent, type SourceSink, type SourceTrack } from '../source.ts';
import { openPath, type Path } from './transcode-path.ts';

/** Units that wait for a codec; beyond it the machine is too slow, and pictures are dropped up to the next key frame. */
const waitingMax = 60;

interface Options {
  /** Also what browsers could play as it is. */
  transcodeVideo: boolean;
  /** Painted over, which takes decoding and encoding whatever the codec. */
  masks?: readonly PictureRegion[];
  log: Logger;
  onFault: (error: SourceError) => void;
}

/**
 * Stands before a sink and makes what browsers can't play into H.264 and AAC. Pictures and sounds that need nothing pass at once, without
 * waiting for those that do, so that a slow encoder holds up its own track only.
 */
export class TranscodingSink {
  private readonly out: SourceSink;
  private readonly options: Options;
  private paths = new Map<number, Path>();
  private tracks: SourceTrack[] = [];
  private work: Promise<void> = Promise.resolve();
  private waiting = 0;
  /** While tracks are being opened, everything stands in line; what passes goes straight again when that line is empty. */
  private openings = 0;
  private passing = 0;
  private isTold = true;
  /** Clock events that came before the tracks could be told. */
  private notes: SourceEvent[] = [];
  private closed = false;

  constructor(out: SourceSink, options: Options) {
    this.out = out;
    this.options = options;
  }

  readonly sink: SourceSink = (event) => {
    switch (event.type) {
      case 'tracks':
        if (this.openings === 0 && this.paths.size === 0 && !event.tracks.some((track) => this.isTranscoded(track))) {
          this.out(event);
          return;
        }
        this.openings += 1;
        this.line(() => this.begin(event.tracks));
        return;
      case 'unit':
        this.unit(event.unit);
        return;
      case 'clock':
      case 'lost':
        if (this.goesStraight(event.track)) this.out(event);
        else this.line(() => this.note(event));
        return;
    }
  };

  /** `from`: the place of the picture, in ticks of what goes out. False where no picture is encoded here. */
  demandKeyFrame(from: number | null): boolean {
    let isAsked = false;
    for (const path of this.paths.values())
      if (path.kind === 'video' && path.transcoder.demandKeyFrame(from)) isAsked = true;
    return isAsked;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.work;
    this.release();
  }

  private get isMasked(): boolean {
    return (this.options.masks?.length ?? 0) > 0;
  }

  private isTranscoded(track: SourceTrack): boolean {
    if (track.kind === 'video') return this.options.transcodeVideo || this.isMasked || isForeign(track.codec);
    return track.codec === 'opus' || isForeign(track.codec);
  }

  private goesStraight(track: number): boolean {
    const kind = this.paths.get(track)?.kind ?? 'pass';
    return this.openings === 0 && this.passing === 0 && this.isTold && kind === 'pass';
  }

  private isMade(track: number): boolean {
    return this.paths.get(track)?.kind === 'video';
  }

  /** Before its tracks are told, a unit belongs to nothing. */
  private emit(event: SourceEvent): void {
    if (this.isTold) this.out(event);
  }

  private line(task: () => void | Promise<void>): void {
    this.work = this.after(this.work, task);
  }

  private async after(before: Promise<void>, task: () => void | Promise<void>): Promise<void> {
    await before;
    if (this.closed) return;
    try {
      await task();
    } catch (cause) {
      this.closed = true;
      const fault =
        cause instanceof SourceError
          ? cause
          : new SourceError('INTERNAL', 'transcoding stopped', { retry: true, cause });
      this.options.onFault(fault);
    }
  }

  private unit(unit: AccessUnit): void {
    if (this.goesStraight(unit.track)) {
      this.out({ type: 'unit', unit });
      return;
    }
    const path = this.paths.get(unit.track);
    if (path?.kind === 'video') {
      // MJPEG is all key frames: the next that finds room goes on.
      if (this.waiting >= waitingMax) path.dropping = true;
      else if (path.dropping && unit.key) path.dropping = false;
      if (path.dropping) {
        this.line(() => this.out({ type: 'lost', track: unit.track, packets: 1 }));
        return;
      }
    } else if (this.waiting >= 4 * waitingMax) return;
    const passes = path === undefined || path.kind === 'pass';
    this.waiting += 1;
    if (passes) this.passing += 1;
    this.line(async () => {
      this.waiting -= 1;
      if (passes) this.passing -= 1;
      await this.handle(unit);
    });
  }

  private async begin(tracks: SourceTrack[]): Promise<void> {
    this.release();
    try {
      const made: SourceTrack[] = [];
      for (const track of tracks) made.push(...(await this.open(track)));
      this.tracks = made;
      // A picture whose size only its decoder knows is told with its first frame.
      this.isTold = !made.some((track) => track.kind === 'video' && track.width === null && this.isMade(track.id));
      if (this.isTold) this.out({ type: 'tracks', tracks: made });
    } finally {
      this.openings -= 1;
    }
  }

  private async open(track: SourceTrack): Promise<SourceTrack[]> {
    const { path, tracks } = await openPath(track, this.isTranscoded(track), this.options);
    this.paths.set(track.id, path);
    return tracks;
  }

  private async handle(unit: AccessUnit): Promise<void> {
    const path = this.paths.get(unit.track);
    switch (path?.kind) {
      case undefined:
      case 'pass':
        this.emit({ type: 'unit', unit });
        return;
      case 'drop':
        return;
      case 'video': {
        const pictures = await path.transcoder.transcode(unit);
        this.tellSize(unit.track, path);
        for (const { data, pts, key } of pictures) {
          this.emit({ type: 'unit', unit: { ...unit, pts, dts: pts, key, payload: { form: 'annexb', data } } });
        }
        return;
      }
      case 'audio':
        if (path.keep) this.emit({ type: 'unit', unit });
        for (const { data, pts } of path.transcoder.transcode(unit)) {
          this.emit({
            type: 'unit',
            unit: { ...unit, track: path.out, pts, dts: pts, key: true, payload: { form: 'sample', data } },
          });
        }
        return;
    }
  }

  private tellSize(id: number, path: Extract<Path, { kind: 'video' }>): void {
    const { size } = path.transcoder;
    const told = size ? `${size.width}×${size.height}` : '';
    if (!size || told === path.told) return;
    path.told = told;
    const known = this.tracks.find((track) => track.id === id);
    if (this.isTold && known?.kind === 'video' && known.width === size.width && known.height === size.height) return;
    this.tracks = this.tracks.map((track) =>
      track.kind === 'video' && track.id === id ? { ...track, ...size } : track,
    );
    this.isTold = true;
    this.out({ type: 'tracks', tracks: this.tracks });
    for (const event of this.notes.splice(0)) this.out(event);
  }

  private note(event: Extract<SourceEvent, { type: 'clock' | 'lost' }>): void {
    const path = this.paths.get(event.track);
    if (event.type === 'lost' || path === undefined || path.kind === 'pass' || path.kind === 'drop') {
      this.out(event);
      return;
    }
    if (path.kind === 'video') {
      const mapped = { ...event, ticks: path.transcoder.toEncoderTicks(event.ticks) };
      if (this.isTold) this.out(mapped);
      else if (this.notes.length < waitingMax) this.notes.push(mapped);
    } else {
      if (path.keep) this.out(event);
      this.out({ ...event, track: path.out, ticks: path.transcoder.toSamples(event.ticks) });
    }
  }

  private release(): void {
    for (const path of this.paths.values()) {
      if (path.kind === 'video' || path.kind === 'audio') path.transcoder.close();
    }
    this.paths = new Map();
  }
}
