import type { Timeline, TrackTimes } from './packager-track.ts';
import type { Pipes } from './packager-tracks.ts';

/** Where a run and its tracks stand on the log's one time line, which counts from the stream's epoch. */
export class RunPlacement {
  readonly #epochUs: number;
  /** What keeps the run off its wall position, because the one before reached further. */
  #shiftUs = 0;
  #reference: Timeline | null = null;
  /** Seconds since the epoch where each track_ID ended, over the life of the stream. */
  readonly #ends = new Map<number, number>();

  constructor(epochMs: number) {
    this.#epochUs = epochMs * 1000;
  }

  /** A run begins with the unit of `times` that decodes at `origin`, in source ticks. Gives its tfdt. */
  begin(times: TrackTimes, origin: number, pipes: Pipes, nowUs: number): number {
    const originUs = times.mediaUs(origin);
    for (const timeline of pipes.timelines) {
      timeline.baseUs = null;
      timeline.clock.lay(timeline === times.timeline ? originUs : timeline.mediaUs, nowUs);
    }
    // Where the wall clock says, but never over what is there, nor before the stream's epoch.
    const wall = ((times.timeline.clock.utcOf(originUs) - this.#epochUs) * times.timescale) / 1e6;
    const startTfdt = Math.max(Math.round(wall), times.endTfdt, 0);
    this.#shiftUs = ((startTfdt - wall) * 1e6) / times.timescale;
    times.timeline.baseUs = (startTfdt * 1e6) / times.timescale + this.#epochUs - originUs;
    times.anchor(origin, startTfdt);
    this.#reference = times.timeline;
    for (const { times: other } of pipes.audio) {
      if (other === times || other.timeline !== times.timeline) continue;
      other.anchor((originUs * other.source.timescale) / 1e6, this.#tfdtAt(other, originUs));
    }
    return startTfdt;
  }

  /** The run meets a time line of its own for the first time: its wall position decides where it stands beside the picture. */
  meet(times: TrackTimes, ticks: number): void {
    const mediaUs = times.mediaUs(ticks);
    const { clock } = times.timeline;
    // Without a report of its own a sound is as late as its picture was: what arrives together belongs together.
    const picture = this.#reference;
    const biasUs = picture?.clock.hasSender && !clock.hasSender ? picture.clock.biasUs(picture.mediaUs) : 0;
    times.timeline.baseUs = clock.utcOf(mediaUs) - mediaUs + this.#shiftUs + biasUs;
    times.anchor(ticks, this.#tfdtAt(times, mediaUs));
  }

  /** Before tracks are let go: where they ended, for those that follow under the same track_ID. */
  keepEnds(pipes: Pipes): void {
    for (const { times } of pipes.byTrack.values()) this.#ends.set(times.id, times.endTfdt / times.timescale);
  }

  restoreEnds(pipes: Pipes): void {
    for (const { times } of pipes.byTrack.values()) {
      times.endTfdt = Math.ceil((this.#ends.get(times.id) ?? Number.NEGATIVE_INFINITY) * times.timescale);
    }
  }

  #tfdtAt(times: TrackTimes, mediaUs: number): number {
    return Math.round(((mediaUs + (times.timeline.baseUs ?? 0) - this.#epochUs) * times.timescale) / 1e6);
  }
}

/** Picture and sound further apart than this, by the sender's own reports: another run sets them right. */
const syncErrorMaxUs = 60_000;
const syncRunsApartUs = 10_000_000;
const evaluateUs = 1_000_000;

/** Looks at the clocks of a run once a second. */
export class ClockWatch {
  #evaluatedAtUs = Number.NEGATIVE_INFINITY;
  #syncRunAtUs = Number.NEGATIVE_INFINITY;

  /** Calls `onTurned` for each mapping that changed; says whether only another run can set the clocks right. */
  look(pipes: Pipes, nowUs: number, onTurned: (timeline: Timeline) => void): boolean {
    if (nowUs - this.#evaluatedAtUs < evaluateUs) return false;
    this.#evaluatedAtUs = nowUs;
    let needsRun = false;
    for (const timeline of pipes.timelines) {
      if (!timeline.clock.isAnchored) continue;
      const outcome = timeline.clock.evaluate(timeline.mediaUs, nowUs);
      if (outcome === 'turned') onTurned(timeline);
      if (outcome === 'step') needsRun = true;
    }
    if (needsRun || nowUs - this.#syncRunAtUs < syncRunsApartUs || !isOutOfSync(pipes)) return needsRun;
    this.#syncRunAtUs = nowUs;
    return true;
  }
}

/** Whether picture and sound, as the run placed them, stand apart by what the sender says of both. Tracks of one time line never do. */
function isOutOfSync(pipes: Pipes): boolean {
  const picture = pipes.video?.times.timeline;
  if (!picture || picture.baseUs === null || !picture.clock.hasSender) return false;
  const ofPicture = picture.clock.utcOf(picture.mediaUs) - picture.mediaUs - picture.baseUs;
  return pipes.audio.some(({ times: { timeline } }) => {
    if (timeline === picture || timeline.baseUs === null || !timeline.clock.hasSender) return false;
    const ofSound = timeline.clock.utcOf(timeline.mediaUs) - timeline.mediaUs - timeline.baseUs;
    return Math.abs(ofPicture - ofSound) > syncErrorMaxUs;
  });
}
