import type Hls from 'hls.js';
import type { ErrorData } from 'hls.js';

import { serverNow } from '../../_lib/server-clock.ts';
import { nextRecordedMs, type Span } from './coverage.ts';
import { failureOfStatus, mendsItself, type Failure } from './failure.ts';
import { hlsConfig, retryAfterMs, startDateOf } from './hls-answers.ts';
import { mediaTimeOf, wallRangeOf, windowAround, type DatedFragment } from './picture-time.ts';
import { backOffMs, RetryBudget } from './retry-budget.ts';
import type { Mode, SessionState } from './session-state.ts';

const watchEveryMs = 1000;
const stuckMs = { live: 6000, past: 15_000 };
const behindTargetMsMax = 5000;
const stallsUntilPlain = 4;

/** Takes one camera's stream to a `<video>`, live or from the recording, and keeps it there. Knows nothing of React. */
export class StreamSession {
  readonly video: HTMLVideoElement;
  readonly #hlsUrl: string;
  #spans: readonly Span[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #mediaBudget = new RetryBudget({ limit: 5, windowMs: 120_000 });
  readonly #stallBudget = new RetryBudget({ limit: stallsUntilPlain, windowMs: 60_000 });
  readonly #stop = new AbortController();
  #state: SessionState;
  #hls: Hls | null = null;
  #fragments: readonly DatedFragment[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failuresInRow = 0;
  #opening = 0;
  #moved = { mediaTime: -1, atMs: 0 };

  constructor({ video, hlsUrl }: { video: HTMLVideoElement; hlsUrl: string }) {
    this.video = video;
    this.#hlsUrl = hlsUrl;
    this.#state = {
      mode: { type: 'live' },
      phase: { type: 'opening', sinceMs: Date.now() },
      transport: 'lowLatency',
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
    const { video } = this;
    if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
    if (this.#hls) return this.#hls.playingDate?.getTime() ?? null;
    const startDate = startDateOf(video);
    return startDate === null ? null : startDate + video.currentTime * 1000;
  }

  droppedFrames(): number {
    return this.video.getVideoPlaybackQuality().droppedVideoFrames;
  }

  /** What is recorded, so that a hole is stepped over instead of asked for. */
  setCoverage(spans: readonly Span[]): void {
    this.#spans = spans;
  }

  goLive(): void {
    this.#failuresInRow = 0;
    const edge = this.#hls?.liveSyncPosition ?? null;
    if (this.#state.mode.type === 'live' && this.#state.phase.type === 'playing' && edge !== null) {
      this.video.currentTime = edge;
      this.#set({ isHeldBack: false });
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
    const range = wallRangeOf(this.#fragments);
    const mediaTime = mediaTimeOf(this.#fragments, wallMs);
    const isLoaded = range !== null && wallMs >= range.fromMs && wallMs < range.toMs;
    if (isLoaded && mediaTime !== null && this.#state.phase.type === 'playing') {
      video.currentTime = mediaTime;
      this.#set({ isHeldBack: this.#state.mode.type === 'live' });
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
    const range = wallRangeOf(this.#fragments);
    // Paused for longer than the live window is: go on from the recording, where the viewer stopped.
    if (this.#state.mode.type === 'live' && pictureMs !== null && range !== null && pictureMs < range.fromMs) {
      this.seekTo(pictureMs);
    }
    void this.#play();
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

  async #play(): Promise<void> {
    try {
      await this.video.play();
    } catch {
      // The browser wants a gesture first, or the source changed meanwhile: the play button stays, nothing is lost.
    }
  }

  #teardown(): void {
    clearTimeout(this.#timer);
    this.#opening += 1;
    this.#hls?.destroy();
    this.#hls = null;
    this.#fragments = [];
  }

  #open(mode: Mode, phase: SessionState['phase'] = { type: 'opening', sinceMs: Date.now() }): void {
    this.#teardown();
    this.#moved = { mediaTime: -1, atMs: Date.now() };
    this.#set({ mode, phase, isHeldBack: false });
    void this.#attach(this.#opening);
  }

  async #attach(opening: number): Promise<void> {
    const { video } = this;
    const { default: HlsClass } = await import('hls.js');
    if (opening !== this.#opening || this.#stop.signal.aborted) return;
    const { mode } = this.#state;
    if (!HlsClass.isSupported()) {
      if (video.canPlayType('application/vnd.apple.mpegurl') === '') {
        this.#fail('unsupported', null);
        return;
      }
      this.#set({ transport: 'native' });
      video.src = this.#url(mode);
      void this.#play();
      return;
    }
    const hls = new HlsClass(
      hlsConfig(HlsClass.DefaultConfig, mode.type === 'live' && this.#state.transport === 'lowLatency'),
    );
    this.#hls = hls;
    hls.on(HlsClass.Events.ERROR, (_event, data) => this.#onError(data));
    hls.on(HlsClass.Events.LEVEL_UPDATED, (_event, { details }) => {
      const isFirst = this.#fragments.length === 0;
      this.#fragments = details.fragments;
      if (isFirst && mode.type === 'past') this.#startAt(hls, mode.atMs);
    });
    hls.on(HlsClass.Events.MANIFEST_PARSED, () => void this.#play());
    hls.attachMedia(video);
    hls.loadSource(this.#url(mode));
  }

  #url(mode: Mode): string {
    if (mode.type === 'live') return this.#hlsUrl;
    const query = new URLSearchParams({
      from: new Date(mode.fromMs).toISOString(),
      to: new Date(mode.toMs).toISOString(),
    });
    return `${this.#hlsUrl}?${query}`;
  }

  /** The window begins a little before the moment that was asked for, and snaps outward to segments. */
  #startAt(hls: Hls, wallMs: number): void {
    const mediaTime = mediaTimeOf(this.#fragments, wallMs);
    if (mediaTime === null) return;
    const { video } = this;
    hls.startLoad(mediaTime);
    const settle = () => {
      if (this.#hls === hls && Math.abs(video.currentTime - mediaTime) > 0.5) video.currentTime = mediaTime;
    };
    video.addEventListener('loadeddata', settle, { once: true, signal: this.#stop.signal });
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
    const endMs = Math.max(wallRangeOf(this.#fragments)?.toMs ?? mode.toMs, mode.atMs + 1);
    const nextMs = nextRecordedMs(this.#spans, endMs) ?? endMs;
    if (nextMs > serverNow() - 8000) this.#open({ type: 'live' });
    else this.#open({ type: 'past', atMs: nextMs, fromMs: nextMs, toMs: Math.min(nextMs + 3_600_000, serverNow()) });
  }

  #onVideoError(): void {
    // hls.js reports what happens to its own source; here only the browser's player is left.
    if (this.#hls || this.#state.transport !== 'native') return;
    this.#fail(this.video.error?.code === MediaError.MEDIA_ERR_DECODE ? 'decode' : 'network', backOffMs(1));
  }

  #onError(data: ErrorData): void {
    const details: string = data.details;
    const type: string = data.type;
    if (!data.fatal) {
      const isStall = details === 'bufferStalledError';
      if (
        isStall &&
        this.#state.transport === 'lowLatency' &&
        this.#stallBudget.spend(Date.now()) === stallsUntilPlain
      ) {
        this.#set({ transport: 'plain' });
        this.#open(this.#state.mode);
      }
      return;
    }
    const isPast = this.#state.mode.type === 'past';
    if (type === 'networkError') {
      this.#failuresInRow += 1;
      const failure = failureOfStatus(data.response?.code ?? 0, isPast);
      this.#fail(failure, retryAfterMs(data.networkDetails) ?? backOffMs(this.#failuresInRow));
      return;
    }
    if (details === 'manifestIncompatibleCodecsError' || details === 'bufferAddCodecError') {
      this.#fail('codec', null);
      return;
    }
    this.#recover(details);
  }

  /** Media errors: first the decoder alone, then the whole player; `bufferSeekOverHole` never heals in place. */
  #recover(details: string): void {
    const attempt = this.#mediaBudget.spend(Date.now());
    if (attempt === null) {
      this.#fail('decode', 30_000);
      return;
    }
    const phase = { type: 'recovering', attempt, budget: this.#mediaBudget.limit } as const;
    if (attempt === 1 && details !== 'bufferSeekOverHole' && this.#hls) {
      this.#set({ phase });
      this.#hls.recoverMediaError();
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
    const edge = this.#hls?.liveSyncPosition ?? null;
    if (mode.type !== 'live' || phase.type !== 'playing' || video.paused || isHeldBack || edge === null) return;
    if ((edge - video.currentTime) * 1000 > behindTargetMsMax) video.currentTime = edge;
  }
}
