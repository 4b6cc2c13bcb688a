import type { Logger } from 'pino';

import { trackId } from '#server/contracts/log-record.ts';
import { CodecError } from '#sidecars/codec/bit-reader.ts';

import { isVideoCodec } from './codec/video-format.ts';
import { AudioPipe } from './packager-audio.ts';
import type { RecordWriter } from './packager-records.ts';
import { TrackTimes, type Timeline } from './packager-track.ts';
import { VideoPipe, videoTimescale } from './packager-video.ts';
import type { SourceTrack } from './source.ts';
import type { CameraClock } from './timeline/camera-clock.ts';
import { TimelineClock } from './timeline/timeline-clock.ts';

export type Pipe = VideoPipe | AudioPipe;

/** The pipes of what a source announced. Tracks that the log does not carry have none. */
export interface Pipes {
  /** By the source's own track number. */
  byTrack: ReadonlyMap<number, Pipe>;
  video: VideoPipe | null;
  audio: readonly AudioPipe[];
  timelines: readonly Timeline[];
}

export const noPipes: Pipes = { byTrack: new Map(), video: null, audio: [], timelines: [] };

interface Parts {
  records: RecordWriter;
  camera: CameraClock;
  log: Pick<Logger, 'warn'>;
  /** Time lines of tracks that go on keep what they learnt. */
  before: Pipes;
}

export function openPipes(tracks: readonly SourceTrack[], parts: Parts): Pipes {
  const byTrack = new Map<number, Pipe>();
  const audio: AudioPipe[] = [];
  const timelines = new Set<Timeline>();
  const taken = new Set<number>();
  let video: VideoPipe | null = null;
  let shared: Timeline | null = null;
  for (const track of tracks) {
    const old = parts.before.byTrack.get(track.id)?.times.timeline;
    // RTP counts each track from a number of its own; containers have one time line.
    const isOwn = track.wrapBits === 32;
    const timeline: Timeline = (isOwn ? old : (shared ?? old)) ?? newTimeline(parts.camera);
    if (!isOwn) shared = timeline;
    const pipe = openPipe(track, { timeline, taken, ...parts });
    if (!pipe) continue;
    taken.add(pipe.times.id);
    byTrack.set(track.id, pipe);
    timelines.add(timeline);
    if (pipe instanceof VideoPipe) video = pipe;
    else audio.push(pipe);
  }
  return { byTrack, video, audio, timelines: [...timelines] };
}

function newTimeline(camera: CameraClock): Timeline {
  return { clock: new TimelineClock(camera), baseUs: null, mediaUs: 0, arrivalUs: 0 };
}

function openPipe(track: SourceTrack, parts: Parts & { timeline: Timeline; taken: ReadonlySet<number> }): Pipe | null {
  const { timeline, taken, records } = parts;
  const leaveOut = (why: string) => {
    parts.log.warn({ action: 'track.ignored', track: track.id, codec: track.codec, why }, 'track is left out');
    return null;
  };
  try {
    if (track.kind === 'video') {
      if (!isVideoCodec(track.codec) || taken.has(trackId.video)) return leaveOut('not carried, or a second picture');
      const times = new TrackTimes(track, { id: trackId.video, timescale: videoTimescale }, timeline);
      return new VideoPipe(track, track.codec, { times, records });
    }
    const id = track.codec === 'aac' ? trackId.aac : track.codec === 'opus' ? trackId.opus : null;
    if (id === null || taken.has(id)) return leaveOut('not carried, or a second sound of its kind');
    const times = new TrackTimes(track, { id, timescale: track.sampleRate }, timeline);
    return new AudioPipe(track, { times, records });
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    return leaveOut(error.message);
  }
}

/** Whether the source announced again what it is already read as. */
export function isSameTracks(one: readonly SourceTrack[], other: readonly SourceTrack[]): boolean {
  return one.length === other.length && one.every((track, i) => isSameTrack(track, other[i]));
}

function isSameTrack(one: SourceTrack, other: SourceTrack | undefined): boolean {
  if (!other) return false;
  const { config, ...rest } = one;
  const { config: otherConfig, ...otherRest } = other;
  if (JSON.stringify(rest) !== JSON.stringify(otherRest)) return false;
  return config === null || otherConfig === null ? config === otherConfig : config.equals(otherConfig);
}
