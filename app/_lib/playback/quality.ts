import { RetryBudget } from './retry-budget.ts';

/** Pictures that the server makes smaller than the source, by their shorter side; largest first. */
export const rungs = ['1080', '720', '480'] as const;
export type Rung = (typeof rungs)[number];
/** What the viewer chooses: what fits, the source as it is, or a size. */
export type Quality = 'auto' | 'source' | Rung;
/** What is played. */
export type Level = 'source' | Rung;

/** What a line takes at most, and what is played on it, in bits a second. */
export type Bandwidth = { estimate: number; needed: number };

export type QualityState = {
  wish: Quality;
  playing: Level | null;
  /** The sizes that the server makes for this viewer; null before it was asked. */
  offered: readonly Rung[] | null;
  /** It was asked for one and does not make it now. */
  isRefused: boolean;
};

const stallsMax = 3;
const stallsWithinMs = 60_000;
/** A line needs some room beside the picture. */
const roomFactor = 1.2;

export function rungsBelow(size: { width: number | null; height: number | null }): Rung[] {
  const shorter = Math.min(size.width ?? 0, size.height ?? 0);
  return rungs.filter((rung) => Number(rung) < shorter);
}

/** The rendition that an address of a media playlist names. */
export function levelOf(url: string): Level | null {
  const name = /\/(src|v|1080|720|480)\/(?:live|vod)\.m3u8/.exec(url)?.[1];
  if (name === undefined) return null;
  return rungs.find((rung) => rung === name) ?? 'source';
}

export function isTight({ estimate, needed }: Bandwidth): boolean {
  return estimate < needed * roomFactor;
}

/** Whether the smaller pictures are asked for: each that is played is made for its viewers, so nobody asks without need. */
export class QualityWish {
  /** `index.m3u8?ladder=1` is played. */
  isLadder: boolean;
  /** The line did not carry the source: the smallest picture comes first. */
  isNarrow = false;
  #state: QualityState = { wish: 'auto', playing: null, offered: null, isRefused: false };
  readonly #stalls = new RetryBudget({ limit: stallsMax, windowMs: stallsWithinMs });

  /** `hasLadder`: they are made whether anybody asks or not. */
  constructor(hasLadder = false) {
    this.isLadder = hasLadder;
  }

  get state(): QualityState {
    return this.#state;
  }

  /** True where another playlist has to be opened for it. */
  choose(wish: Quality): boolean {
    const isRung = wish !== 'auto' && wish !== 'source';
    const isThere = this.isLadder && isRung && this.#state.offered?.includes(wish) !== false;
    this.#set({ wish, isRefused: false });
    if (!isRung || isThere) return false;
    this.isLadder = true;
    return true;
  }

  /** The picture stood still. True where smaller ones are asked for from now on: the line is too narrow, or it goes on stalling. */
  stalled(nowMs: number, { bandwidth, isPlain }: { bandwidth: Bandwidth | null; isPlain: boolean }): boolean {
    if (this.isLadder || this.#state.wish !== 'auto' || this.#state.isRefused) return false;
    const isLast = this.#stalls.spend(nowMs) === stallsMax;
    const isNarrow = bandwidth !== null && isTight(bandwidth);
    // Without low latency a second or two lie in store: who stalls then has no other remedy.
    if (!isNarrow && !(isLast && isPlain)) return false;
    this.isLadder = true;
    this.isNarrow = true;
    return true;
  }

  offered(offered: readonly Rung[]): void {
    const { wish } = this.#state;
    const isMissing = wish !== 'auto' && wish !== 'source' && !offered.includes(wish);
    this.#set({ offered, isRefused: isMissing });
  }

  plays(playing: Level): void {
    this.#set({ playing });
  }

  /** The server does not make them now: the source is played again. */
  refused(): void {
    this.isLadder = false;
    this.#stalls.clear();
    this.#set({ offered: null, isRefused: true });
  }

  #set(change: Partial<QualityState>): void {
    this.#state = { ...this.#state, ...change };
  }
}
