import { serverNow } from '../server-clock.ts';
import { nextRecordedMs, type Span } from './coverage.ts';
import { failureOfStatus, mendsItself, type Failure } from './failure.ts';
import { openLine as openHlsLine, type Line, type LineFault, type OpenLine } from './hls-line.ts';
import { mediaTimeOf, wallRangeOf, windowAfter, windowAround } from './picture-time.ts';
import { backOffMs, RetryBudget } from './retry-budget.ts';
import type { Mode, SessionState } from './session-state.ts';

const watchEveryMs = 1000;
const stuckMs = { live: 6000, past: 15_000 };
const behindTargetMsMax = 5000;
const stallsUntilPlain = 4;
const bufferSeconds = 20;
/** `HTMLMediaElement.HAVE_CURRENT_DATA`. */
const haveCurrentData = 2;

type SessionParts = {
  video: HTMLVideoElement;
  hlsUrl: string;
  /** Without it a whole segment is waited for: one of many pictures side by side needs no more, and leaves connections free. */
  isLowLatency?: boolean;
  openLine?: OpenLine;
};

/** Takes one camera's stream to a `<video>`, live or from the recording, and keeps it there. Knows nothing of React nor of hls.js. */
export class StreamSession {
  readonly video: HTMLVideoElement;
  readonly #hlsUrl: string;
  readonly #openLine: OpenLine;
  #spans: readonly Span[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #mediaBudget = new RetryBudget({ limit: 5, windowMs: 120_000 });
  readonly #stallBudget = new RetryBudget({ limit: stallsUntilPlain, windowMs: 60_000 });
  readonly #stop = new AbortController();
  #state: SessionState;
  #line: Line | null = null;
  #opening = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failuresInRow = 0;
  #moved = { mediaTime: -1, atMs: 0 };

  constructor({ video, hlsUrl, isLowLatency = true, openLine = openHlsLine }: SessionParts) {
    this.video = video;
    this.#hlsUrl = hlsUrl;
    this.#openLine = openLine;
    this.#state = {
      mode: { type: 'live' },
      phase: { type: 'opening', sinceMs: Date.now() },
      transport: isLowLatency ? 'lowLatency' : 'plain',
      isHeldBack: false,
    };
    const { signal } = this.#stop;
    video.addEventListener('playing', () => this.#onPicture(), { signal });
    // Where the browser wants a gesture before it plays, the first picture stands and waits for it.
    video.addEventListener('loadeddata', () => this.#onPicture(), { signal });
    video.addEventListener('ended', () => this.#onEnded(), { signal });
    video.addEventListener('error', () => this.#onVideoError(), { signal });
    const watch = setInterval(() => this.#watch(), watchEveryMs);
    signal.addEventListener('abort', () => clearInterval(watch));
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  state = (): SessionState => this.#state;

  /** Wall-clock time of the picture that is shown; null before the first and without a clock. */
  pictureMs(): number | null {
    return this.video.readyState < haveCurrentData ? null : (this.#line?.pictureMs() ?? null);
  }

  droppedFrames(): number {
    return this.video.getVideoPlaybackQuality().droppedVideoFrames;
  }

  /** What is recorded, so that a hole is stepped over instead of asked for. */
  setCoverage(spans: readonly Span[]): void {
    this.#spans = spans;
  }

  /** Kept over every new opening, which would otherwise begin at 1 again. */
  setRate(rate: number): void {
    const { video } = this;
    if (video.playbackRate === rate && video.defaultPlaybackRate === rate) return;
    video.defaultPlaybackRate = rate;
    video.playbackRate = rate;
    this.#line?.setBufferSeconds(bufferSeconds * Math.max(1, rate));
  }

  /** Changes over where it stands; live then jumps to the nearer edge. */
  setLowLatency(isLowLatency: boolean): void {
    const { transport, mode, phase } = this.#state;
    if (transport === 'native' || (transport === 'lowLatency') === isLowLatency) return;
    this.#stallBudget.clear();
    this.#set({ transport: isLowLatency ? 'lowLatency' : 'plain' });
    this.#line?.setLowLatency(isLowLatency, !this.#state.isHeldBack);
    if (isLowLatency && mode.type === 'live' && phase.type === 'playing' && !this.#state.isHeldBack) this.goLive();
  }

  goLive(): void {
    this.#failuresInRow = 0;
    const edge = this.#line?.edge() ?? null;
    if (this.#state.mode.type === 'live' && this.#state.phase.type === 'playing' && edge !== null) {
      this.video.currentTime = edge;
      this.#holdBack(false);
      void this.#play();
      return;
    }
    this.#open({ type: 'live' });
  }

  /** Shows the picture of a moment: inside what is loaded by a jump, else by opening the recording there. */
  seekTo(wallMs: number): void {
    if (wallMs > serverNow() - 2000) {
      this.goLive();
      return;
    }
    const { video } = this;
    const fragments = this.#line?.fragments() ?? [];
    const range = wallRangeOf(fragments);
    const mediaTime = mediaTimeOf(fragments, wallMs);
    const isLoaded = range !== null && wallMs >= range.fromMs && wallMs < range.toMs;
    if (isLoaded && mediaTime !== null && this.#state.phase.type === 'playing') {
      video.currentTime = mediaTime;
      this.#holdBack(this.#state.mode.type === 'live');
      return;
    }
    this.#failuresInRow = 0;
    const atMs = nextRecordedMs(this.#spans, wallMs) ?? wallMs;
    if (atMs > serverNow() - 5000) this.#open({ type: 'live' });
    else this.#open({ type: 'past', atMs, ...windowAround(atMs, serverNow()) });
  }

  togglePlay(): void {
    const { video } = this;
    if (!video.paused) {
      video.pause();
      return;
    }
    const pictureMs = this.pictureMs();
    const range = wallRangeOf(this.#line?.fragments() ?? []);
    // Paused for longer than the live window is: go on from the recording, where the viewer stopped.
    if (this.#state.mode.type === 'live' && pictureMs !== null && range !== null && pictureMs < range.fromMs) {
      this.seekTo(pictureMs);
    }
    void this.#play();
  }

  setPlaying(isPlaying: boolean): void {
    if (this.video.paused !== isPlaying) return;
    if (isPlaying) void this.#play();
    else this.video.pause();
  }

  retryNow(): void {
    this.#mediaBudget.clear();
    this.#open(this.#state.mode);
  }

  close(): void {
    this.#stop.abort();
    this.#teardown();
    this.#listeners.clear();
  }

  #set(change: Partial<SessionState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }

  /** Who went back inside the live window is neither pulled nor hurried to its edge. */
  #holdBack(isHeldBack: boolean): void {
    this.#line?.setLowLatency(this.#state.transport === 'lowLatency', !isHeldBack);
    this.#set({ isHeldBack });
  }

  async #play(): Promise<void> {
    try {
      await this.video.play();
    } catch {
      // The browser wants a gesture first, or the source changed meanwhile: the play button stays, nothing is lost.
    }
  }

  #teardown(): void {
    clearTimeout(this.#timer);
    this.#opening.abort();
    this.#line?.close();
    this.#line = null;
  }

  #open(mode: Mode, phase: SessionState['phase'] = { type: 'opening', sinceMs: Date.now() }): void {
    this.#teardown();
    this.#moved = { mediaTime: -1, atMs: Date.now() };
    this.#set({ mode, phase, isHeldBack: false });
    this.#opening = new AbortController();
    void this.#attach(mode, this.#opening.signal);
  }

  async #attach(mode: Mode, signal: AbortSignal): Promise<void> {
    const line = await this.#openLine({
      video: this.video,
      url: this.#url(mode),
      isLowLatency: mode.type === 'live' && this.#state.transport === 'lowLatency',
      startMs: mode.type === 'past' ? mode.atMs : null,
      signal,
      onReady: () => void this.#play(),
      onFault: (fault) => {
        if (!signal.aborted) this.#onFault(fault);
      },
    });
    if (signal.aborted) {
      line?.close();
      return;
    }
    this.#line = line;
    if (line?.isNative) this.#set({ transport: 'native' });
    line?.setBufferSeconds(bufferSeconds * Math.max(1, this.video.defaultPlaybackRate));
  }

  #url(mode: Mode): string {
    if (mode.type === 'live') return this.#hlsUrl;
    const window = { from: new Date(mode.fromMs).toISOString(), to: new Date(mode.toMs).toISOString() };
    return `${this.#hlsUrl}?${new URLSearchParams(window)}`;
  }

  #onPicture(): void {
    this.#failuresInRow = 0;
    this.#moved = { mediaTime: this.video.currentTime, atMs: Date.now() };
    if (this.#state.phase.type !== 'playing') this.#set({ phase: { type: 'playing' } });
  }

  /** A recorded window is played to its end: the next one follows, or live when there is none left. */
  #onEnded(): void {
    const { mode } = this.#state;
    if (mode.type === 'live') {
      this.#fail('offline', backOffMs(this.#failuresInRow));
      return;
    }
    const endMs = Math.max(wallRangeOf(this.#line?.fragments() ?? [])?.toMs ?? mode.toMs, mode.atMs + 1);
    const next = windowAfter(this.#spans, endMs, serverNow());
    this.#open(next ? { type: 'past', ...next } : { type: 'live' });
  }

  #onVideoError(): void {
    // hls.js reports what happens to its own source; here only the browser's player is left.
    if (!this.#line?.isNative) return;
    this.#fail(this.video.error?.code === MediaError.MEDIA_ERR_DECODE ? 'decode' : 'network', backOffMs(1));
  }

  #onFault(fault: LineFault): void {
    switch (fault.type) {
      case 'stalled':
        this.#onStall();
        return;
      case 'network':
        this.#failuresInRow += 1;
        this.#fail(
          failureOfStatus(fault.status, this.#state.mode.type === 'past'),
          fault.retryAfterMs ?? backOffMs(this.#failuresInRow),
        );
        return;
      case 'codec':
      case 'unsupported':
        this.#fail(fault.type, null);
        return;
      case 'media':
        this.#recover(fault.details);
    }
  }

  /** A line that can't keep up with parts is read by whole segments. */
  #onStall(): void {
    if (this.#state.transport !== 'lowLatency') return;
    if (this.#stallBudget.spend(Date.now()) !== stallsUntilPlain) return;
    this.#set({ transport: 'plain' });
    this.#open(this.#state.mode);
  }

  /** Media errors: first the decoder alone, then the whole player; `bufferSeekOverHole` never heals in place. */
  #recover(details: string): void {
    const attempt = this.#mediaBudget.spend(Date.now());
    if (attempt === null) {
      this.#fail('decode', 30_000);
      return;
    }
    const phase = { type: 'recovering', attempt, budget: this.#mediaBudget.limit } as const;
    if (attempt === 1 && details !== 'bufferSeekOverHole' && this.#line && !this.#line.isNative) {
      this.#set({ phase });
      this.#line.recoverDecoder();
      void this.#play();
      return;
    }
    const { mode } = this.#state;
    const atMs = this.pictureMs();
    // Behind the damage, not into it again.
    const again: Mode = mode.type === 'past' && atMs !== null ? { ...mode, atMs: atMs + 2000 * attempt } : mode;
    this.#open(again, phase);
  }

  #fail(failure: Failure, waitMs: number | null): void {
    this.#teardown();
    const willRetry = waitMs !== null && mendsItself(failure);
    this.#set({ phase: { type: 'failed', failure, retryAtMs: willRetry ? Date.now() + waitMs : null } });
    if (willRetry) this.#timer = setTimeout(() => this.#open(this.#state.mode), waitMs);
  }

  /** Once a second: has the picture moved, and is live still near the edge? */
  #watch(): void {
    const { video } = this;
    const { mode, phase, isHeldBack } = this.#state;
    const nowMs = Date.now();
    if (video.paused || document.hidden || phase.type === 'failed' || video.currentTime !== this.#moved.mediaTime) {
      this.#moved = { mediaTime: video.currentTime, atMs: nowMs };
    } else if (phase.type === 'playing' && nowMs - this.#moved.atMs > stuckMs[mode.type]) {
      this.#recover('stuck');
      return;
    }
    const edge = this.#line?.edge() ?? null;
    if (mode.type !== 'live' || phase.type !== 'playing' || video.paused || isHeldBack || edge === null) return;
    if ((edge - video.currentTime) * 1000 > behindTargetMsMax) video.currentTime = edge;
  }
}
