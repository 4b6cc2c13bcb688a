import { serverNow } from '../server-clock.ts';
import type { Span } from './coverage.ts';
import { modeAfter, playlistUrl } from './destination.ts';
import { mendsItself, type Failure } from './failure.ts';
import type { Line, LineFault, LineRequest, OpenLine } from './hls-line.ts';
import { PictureWatch } from './picture-watch.ts';
import type { QualityWish } from './quality.ts';
import { backOffMs } from './retry-budget.ts';
import type { Mode, SessionState } from './session-state.ts';
import { Trouble, type Remedy } from './trouble.ts';

const bufferSeconds = 20;
const behindTargetMsMax = 5000;
/** `HTMLMediaElement.HAVE_CURRENT_DATA`. */
const haveCurrentData = 2;

type KeptLineParts = {
  video: HTMLVideoElement;
  hlsUrl: string;
  hasLadder: boolean;
  isLowLatency: boolean;
  openLine: OpenLine;
  changed: () => void;
};

/** A session's one line to its stream: opened for a mode, mended within budgets or opened anew, and the state that tells of it. */
export class KeptLine {
  /** What is recorded, so that a hole is stepped over instead of asked for. */
  spans: readonly Span[] = [];
  /** Parts are what the page wants: one of many pictures side by side needs none. */
  wantsParts: boolean;
  readonly #parts: KeptLineParts;
  readonly #trouble: Trouble;
  readonly #watched = new PictureWatch(Date.now());
  #state: SessionState;
  #line: Line | null = null;
  #opening = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: KeptLineParts) {
    this.#parts = parts;
    this.#trouble = new Trouble(parts.hasLadder);
    this.wantsParts = parts.isLowLatency;
    this.#state = {
      mode: { type: 'live' },
      phase: { type: 'opening', sinceMs: Date.now() },
      transport: parts.isLowLatency ? 'lowLatency' : 'plain',
      isHeldBack: false,
      quality: this.#trouble.quality.state,
    };
  }

  get state(): SessionState {
    return this.#state;
  }

  get line(): Line | null {
    return this.#line;
  }

  get quality(): QualityWish {
    return this.#trouble.quality;
  }

  /** Wall-clock time of the picture that is shown; null before the first and without a clock. */
  get pictureMs(): number | null {
    return this.#parts.video.readyState < haveCurrentData ? null : (this.#line?.pictureMs() ?? null);
  }

  set(change: Partial<SessionState>): void {
    this.#state = { ...this.#state, ...change };
    this.#parts.changed();
  }

  tellQuality(): void {
    this.set({ quality: this.quality.state });
  }

  open(mode: Mode, phase: SessionState['phase'] = { type: 'opening', sinceMs: Date.now() }): void {
    this.close();
    this.#watched.restart(Date.now());
    this.set({ mode, phase, isHeldBack: false });
    this.#opening = new AbortController();
    void this.#attach(mode, this.#opening.signal);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#opening.abort();
    this.#line?.close();
    this.#line = null;
  }

  async play(): Promise<void> {
    try {
      await this.#parts.video.play();
    } catch {
      // The browser wants a gesture first, or the source changed meanwhile: the play button stays, nothing is lost.
    }
  }

  /** What plays faster is loaded further ahead. */
  bufferFor(rate: number): void {
    this.#line?.setBufferSeconds(bufferSeconds * Math.max(1, rate));
  }

  /** The viewer wants something else: what failed before counts no more. */
  settled(): void {
    this.#trouble.settled();
  }

  /** There is a picture. */
  pictureCame(): void {
    this.settled();
    this.#watched.restart(Date.now(), this.#parts.video.currentTime);
    if (this.#state.phase.type !== 'playing') this.set({ phase: { type: 'playing' } });
  }

  /** To be called once a second: has the picture moved, and is live still near the edge? */
  look(): void {
    const { video } = this.#parts;
    const { mode, phase, isHeldBack } = this.#state;
    const mayMove = !video.paused && !document.hidden && phase.type !== 'failed';
    const isStuck = this.#watched.isStuck(video.currentTime, { nowMs: Date.now(), mayMove, type: mode.type });
    if (isStuck && phase.type === 'playing') {
      this.#fault({ type: 'media', details: 'stuck' });
      return;
    }
    const edge = this.#line?.edge() ?? null;
    if (mode.type !== 'live' || phase.type !== 'playing' || video.paused || isHeldBack || edge === null) return;
    if (this.#state.transport === 'plain' && this.wantsParts && this.#trouble.mayTryParts(Date.now())) {
      this.changeOver(true);
      return;
    }
    if ((edge - video.currentTime) * 1000 > behindTargetMsMax) video.currentTime = edge;
  }

  /** To parts or to whole segments, where it stands. */
  changeOver(isLowLatency: boolean): void {
    this.#trouble.forgetStalls();
    this.set({ transport: isLowLatency ? 'lowLatency' : 'plain' });
    this.#line?.setLowLatency(isLowLatency, !this.#state.isHeldBack);
  }

  retryNow(): void {
    this.#trouble.forgetMedia();
    this.open(this.#state.mode);
  }

  /** A recorded window is played to its end: the next one follows, or live when there is none left. */
  ended(): void {
    const { mode } = this.#state;
    if (mode.type === 'live') {
      this.#mend(this.#trouble.ended());
      return;
    }
    const loaded = this.#line?.fragments() ?? [];
    this.open(modeAfter(mode, { loaded, spans: this.spans, nowMs: serverNow() }));
  }

  /** hls.js reports what happens to its own source; here only the browser's player is left. */
  videoFailed(): void {
    if (!this.#line?.isNative) return;
    const { error } = this.#parts.video;
    this.#fail(error?.code === MediaError.MEDIA_ERR_DECODE ? 'decode' : 'network', backOffMs(1));
  }

  #fault(fault: LineFault): void {
    const { mode, transport } = this.#state;
    const bandwidth = this.#line?.bandwidth() ?? null;
    const hasDecoder = this.#line !== null && !this.#line.isNative;
    const situation = { mode, transport, wantsParts: this.wantsParts, bandwidth, hasDecoder };
    this.#mend(this.#trouble.remedyOf(fault, situation));
  }

  async #attach(mode: Mode, signal: AbortSignal): Promise<void> {
    const { video, openLine } = this.#parts;
    const line = await openLine(this.#requestOf(mode, signal));
    if (signal.aborted) {
      line?.close();
      return;
    }
    this.#line = line;
    if (line?.isNative) this.set({ transport: 'native' });
    this.bufferFor(video.defaultPlaybackRate);
  }

  #requestOf(mode: Mode, signal: AbortSignal): LineRequest {
    const { video, hlsUrl } = this.#parts;
    const { quality } = this;
    return {
      video,
      url: playlistUrl(hlsUrl, mode, quality.isLadder),
      isLowLatency: mode.type === 'live' && this.#state.transport === 'lowLatency',
      startMs: mode.type === 'past' ? mode.atMs : null,
      quality: quality.state.wish,
      isNarrow: quality.isNarrow,
      signal,
      onReady: () => void this.play(),
      onRungs: (rungs) => {
        if (!quality.isLadder || mode.type !== 'live') return;
        quality.offered(rungs);
        this.tellQuality();
      },
      onLevel: (level) => {
        quality.plays(level);
        this.tellQuality();
      },
      onFault: (fault) => {
        if (!signal.aborted) this.#fault(fault);
      },
    };
  }

  #mend(remedy: Remedy): void {
    const { mode } = this.#state;
    switch (remedy.type) {
      case 'none':
        return;
      case 'reopen':
        this.tellQuality();
        return this.open(mode);
      case 'plain':
        this.set({ transport: 'plain' });
        return this.open(mode);
      case 'fail':
        return this.#fail(remedy.failure, remedy.waitMs);
      case 'recoverDecoder':
        this.set({ phase: { type: 'recovering', attempt: remedy.attempt, budget: remedy.budget } });
        this.#line?.recoverDecoder();
        void this.play();
        return;
      case 'recoverPlayer': {
        const { attempt, budget } = remedy;
        const atMs = this.pictureMs;
        // Behind the damage, not into it again.
        const again: Mode = mode.type === 'past' && atMs !== null ? { ...mode, atMs: atMs + 2000 * attempt } : mode;
        return this.open(again, { type: 'recovering', attempt, budget });
      }
    }
  }

  #fail(failure: Failure, waitMs: number | null): void {
    this.close();
    const willRetry = waitMs !== null && mendsItself(failure);
    this.set({ phase: { type: 'failed', failure, retryAtMs: willRetry ? Date.now() + waitMs : null } });
    if (willRetry) this.#timer = setTimeout(() => this.open(this.#state.mode), waitMs);
  }
}
