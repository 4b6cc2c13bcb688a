import { rungNames, type RungName } from '#server/contracts/camera-words.ts';
import type { RunTrack } from '#server/contracts/log-record.ts';

/** A rung of one run, as its playlists announce it and its encoder makes it. */
export interface Rung {
  name: RungName;
  track: number;
  width: number;
  height: number;
  fps: number;
  /** RFC 6381. */
  codec: string;
  /** The profile_idc and level that `codec` says. */
  level: number;
  /** Bits a second that the encoder may take. */
  rateMax: number;
}

/** track_ID of transcoded rungs: 10 and above (media contract §1). */
const tracks: Record<RungName, number> = { '1080': 10, '720': 11, '480': 12 };
/** Bits a second up to 30 pictures a second. */
const rates: Record<RungName, number> = { '1080': 4_500_000, '720': 2_500_000, '480': 1_100_000 };
const fastFactor = 1.5;
/** A rung is there for lines that can't take the source: it stays well below it. */
const shareOfSourceMax = 0.7;
const rateMin = 250_000;
const fpsAssumed = 25;
/** H.264 levels (table A-1) by macroblocks a second; all hold the pictures that a rung has. */
const levels: [macroblocks: number, level: number][] = [
  [40_500, 30],
  [108_000, 31],
  [216_000, 32],
  [245_760, 40],
  [522_240, 42],
];

export function rungTrack(name: RungName): number {
  return tracks[name];
}

export function parseRung(name: string): RungName | null {
  return rungNames.find((rung) => rung === name) ?? null;
}

/** What is smaller than this picture, largest first. `sourceRate`: bits a second of the source where they are known. */
export function rungsBelow(video: RunTrack, sourceRate: number | null): Rung[] {
  const { width, height } = video;
  if (video.kind !== 'video' || !width || !height) return [];
  const smaller = rungNames.filter((name) => Number(name) < Math.min(width, height));
  return smaller.map((name) => rungOf(name, { ...video, width, height }, rateOf(name, video, sourceRate)));
}

/** A rung of this picture; of one that is no larger it keeps the size. */
export function rungOf(name: RungName, video: RunTrack & { width: number; height: number }, rateMax: number): Rung {
  const fps = video.fps ?? fpsAssumed;
  const size = sizeOf(name, video);
  const level = levelOf(size, fps);
  const codec = `avc1.6400${level.toString(16)}`;
  return { name, track: rungTrack(name), ...size, fps, codec, level, rateMax };
}

function rateOf(name: RungName, video: RunTrack, sourceRate: number | null): number {
  const rate = rates[name] * ((video.fps ?? fpsAssumed) > 30.5 ? fastFactor : 1);
  return Math.round(sourceRate === null ? rate : Math.min(rate, Math.max(rateMin, sourceRate * shareOfSourceMax)));
}

/** Bits a second that a segment of a rung reaches: its buffer may be full at the start, and each picture is a chunk with its boxes. */
export function peakRate(rung: Pick<Rung, 'rateMax' | 'fps'>): number {
  return Math.round(rung.rateMax * 1.25 + rung.fps * 160 * 8);
}

function sizeOf(name: RungName, source: { width: number; height: number }): { width: number; height: number } {
  const scale = Math.min(1, Number(name) / Math.min(source.width, source.height));
  const even = (value: number) => Math.max(2, 2 * Math.round((value * scale) / 2));
  return { width: even(source.width), height: even(source.height) };
}

function levelOf(size: { width: number; height: number }, fps: number): number {
  const perSecond = Math.ceil(size.width / 16) * Math.ceil(size.height / 16) * Math.ceil(fps);
  return levels.find(([macroblocks]) => perSecond <= macroblocks)?.[1] ?? 51;
}
