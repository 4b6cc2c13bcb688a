import type { LogChunk } from './disk/segment.ts';

/** A part as it is served: its chunks in order of arrival, joined once into one buffer that every answer shares. */
export interface LivePart {
  part: number;
  /** Seconds of the leading track. */
  duration: number;
  /** Holds a key frame. */
  independent: boolean;
  chunks: LogChunk[];
  /** Joined bytes of all tracks; null once the ring let them go and the disk has them. */
  data: Buffer | null;
  bytes: number;
  /** Of a rung whose transcoder left it out. */
  gap?: boolean;
}

/** A segment of the live window; `parts` grow until it is closed. */
export interface LiveSegment {
  mediaSequence: number;
  run: number;
  /** EXT-X-DISCONTINUITY stands before it. */
  discontinuity: boolean;
  /** Number of discontinuities of the stream's life up to and with this segment. */
  discontinuitySequence: number;
  /** UTC ms of its first picture: PROGRAM-DATE-TIME, fixed once published. */
  startMs: number;
  /** Opens with a key frame. */
  independent: boolean;
  /** Its parts may be listed: each keeps to PART-TARGET. */
  listsParts: boolean;
  synthetic: boolean;
  /** Of a rung: some of its parts are missing. */
  gap?: boolean;
  parts: LivePart[];
  /** Seconds; of the parts so far while it is open. */
  duration: number;
  bytes: number;
  closed: boolean;
}
