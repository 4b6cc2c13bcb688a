import { serverNow } from './server-clock.ts';

export const earthRates = [1, 2, 5, 10, 30, 60] as const;
export type EarthRate = (typeof earthRates)[number];

/**
 * Which moment the planet shows. A past moment is an anchor: it was `atMs` when the server's clock said `anchorMs`, and goes on from there at `rate`
 * while `playing`. The object changes only when a person acts, so it can be a prop and a query key; the running moment is `momentIn`.
 */
export type EarthMoment =
  | { mode: 'live' }
  | { mode: 'past'; atMs: number; rate: EarthRate; playing: boolean; anchorMs: number };

/** Nearer to now than this is now: a recording is closed a few seconds after its pictures. */
export const nowWithinMs = 10_000;
export const pastMsMax = 7 * 86_400_000;

/** The running moment of a state; now itself while live. */
export function momentIn(state: EarthMoment, nowMs: number): number {
  if (state.mode === 'live') return nowMs;
  return state.playing ? state.atMs + (nowMs - state.anchorMs) * state.rate : state.atMs;
}

/** A moment as a state: bounded by the range behind, and by now, where it is live. */
export function momentAt(
  ms: number,
  nowMs: number,
  { rate = 1, playing = true }: { rate?: EarthRate; playing?: boolean } = {},
): EarthMoment {
  if (!Number.isFinite(ms) || ms > nowMs - nowWithinMs) return { mode: 'live' };
  return { mode: 'past', atMs: Math.max(ms, nowMs - pastMsMax), rate, playing, anchorMs: nowMs };
}

/** The store behind the time bar, the globe's sun, the wall and the player. Read `nowMs()` each frame; subscribe for what a person changed. */
export class EarthClock {
  readonly #now: () => number;
  readonly #changed = new Set<() => void>();
  readonly #seconds = new Set<(ms: number) => void>();
  #state: EarthMoment = { mode: 'live' };
  #timer: ReturnType<typeof setInterval> | undefined;
  #heldMs: number | null = null;

  constructor({ atMs = null, now = serverNow }: { atMs?: number | null; now?: () => number } = {}) {
    this.#now = now;
    if (atMs !== null) this.#state = momentAt(atMs, now());
  }

  state = (): EarthMoment => this.#state;

  /** The moment the planet shows, at any frame: under the hand while the time bar is dragged. */
  nowMs = (): number => this.#heldMs ?? this.settledMs();

  /** The moment that pictures are asked for: a dragged bar is not chased. */
  settledMs = (): number => momentIn(this.#state, this.#now());

  /** Null while live: what an address, a query or a picture of the past is asked with. */
  pastMs = (): number | null => (this.#state.mode === 'live' ? null : this.settledMs());

  subscribe = (listener: () => void): (() => void) => {
    this.#changed.add(listener);
    return () => this.#changed.delete(listener);
  };

  /** Once a second, and at once after a jump: for states and pictures of the moment. */
  onSecond = (listener: (ms: number) => void): (() => void) => {
    this.#seconds.add(listener);
    this.#timer ??= setInterval(() => this.#tick(), 1000);
    return () => {
      this.#seconds.delete(listener);
      if (this.#seconds.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  };

  /** The bar is in the hand: the sun follows it, recordings wait. Null lets go without going there. */
  hold(ms: number | null): void {
    this.#heldMs = ms;
  }

  goTo(ms: number): void {
    const { rate, playing } = this.#state.mode === 'past' ? this.#state : { rate: 1 as const, playing: true };
    this.#set(momentAt(ms, this.#now(), { rate, playing }));
  }

  step(byMs: number): void {
    this.goTo(this.settledMs() + byMs);
  }

  toLive(): void {
    this.#set({ mode: 'live' });
  }

  setPlaying(playing: boolean): void {
    if (this.#state.mode === 'live') {
      // Holding "now" still makes it the past.
      if (!playing) this.#set({ ...this.#anchored(), rate: 1, playing });
      return;
    }
    this.#set({ ...this.#anchored(), rate: this.#state.rate, playing });
  }

  setRate(rate: EarthRate): void {
    if (this.#state.mode === 'past') this.#set({ ...this.#anchored(), rate, playing: this.#state.playing });
  }

  #anchored(): { mode: 'past'; atMs: number; anchorMs: number } {
    const anchorMs = this.#now();
    return { mode: 'past', atMs: Math.min(this.settledMs(), anchorMs - nowWithinMs), anchorMs };
  }

  #set(state: EarthMoment): void {
    this.#heldMs = null;
    this.#state = state;
    for (const listener of this.#changed) listener();
    this.#tell();
  }

  #tick(): void {
    // Played faster than time, the past catches up with now and is now.
    if (this.#state.mode === 'past' && this.#state.rate > 1 && this.settledMs() > this.#now() - nowWithinMs)
      this.#set({ mode: 'live' });
    else this.#tell();
  }

  #tell(): void {
    const ms = this.settledMs();
    for (const listener of this.#seconds) listener(ms);
  }
}
