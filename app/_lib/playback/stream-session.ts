import { serverNow } from '../server-clock.ts';
import type { Span } from './coverage.ts';
import { destinationOf, modeAfter, playlistUrl } from './destination.ts';
import { mendsItself, type Failure } from './failure.ts';
import { openLine as openHlsLine, type Line, type LineFault, type OpenLine } from './hls-line.ts';
import { wallRangeOf } from './picture-time.ts';
import { PictureWatch } from './picture-watch.ts';
import type { Quality } from './quality.ts';
import { backOffMs } from './retry-budget.ts';
import type { Mode, SessionState } from './session-state.ts';
import { Trouble, type Remedy } from './trouble.ts';

const watchEveryMs = 1000;
const behindTargetMsMax = 5000;
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
  readonly #trouble = new Trouble();
  readonly #stop = new AbortController();
  #state: SessionState;
  #line: Line | null = null;
  #opening = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #watched = new PictureWatch(Date.now());
  #wantsParts: boolean;

  constructor({ video, hlsUrl, isLowLatency = true, openLine = openHlsLine }: SessionParts) {
    this.video = video;
    this.#hlsUrl = hlsUrl;
    this.#openLine = openLine;
    this.#wantsParts = isLowLatency;
    this.#state = {
      mode: { type: 'live' },
      phase: { type: 'opening', sinceMs: Date.now() },
      transport: isLowLatency ? 'lowLatency' : 'plain',
      isHeldBack: false,
      quality: this.#trouble.quality.state,
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
    this.#wantsParts = isLowLatency;
    if (transport === 'native' || (transport === 'lowLatency') === isLowLatency) return;
    this.#trouble.forgetStalls();
    this.#set({ transport: isLowLatency ? 'lowLatency' : 'plain' });
    this.#line?.setLowLatency(isLowLatency, !this.#state.isHeldBack);
    if (isLowLatency && mode.type === 'live' && phase.type === 'playing' && !this.#state.isHeldBack) this.goLive();
  }

  /** Smaller pictures are asked of the server only now that somebody wants one. Recordings have none. */
  setQuality(quality: Quality): void {
    const opens = this.#trouble.quality.choose(quality);
    this.#tellQuality();
    if (opens && this.#state.mode.type === 'live') this.#open({ type: 'live' });
    else this.#line?.setQuality(quality);
  }

  goLive(): void {
    this.#trouble.settled();
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
    const loaded = this.#state.phase.type === 'playing' ? (this.#line?.fragments() ?? []) : null;
    const destination = destinationOf(wallMs, { loaded, spans: this.#spans, nowMs: serverNow() });
    if (destination.type === 'live') return this.goLive();
    if (destination.type === 'jump') {
      this.video.currentTime = destination.mediaTime;
      return this.#holdBack(this.#state.mode.type === 'live');
    }
    this.#trouble.settled();
    this.#open(destination.mode);
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
    this.#trouble.forgetMedia();
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
    this.#watched.restart(Date.now());
    this.#set({ mode, phase, isHeldBack: false });
    this.#opening = new AbortController();
    void this.#attach(mode, this.#opening.signal);
  }

  async #attach(mode: Mode, signal: AbortSignal): Promise<void> {
    const line = await this.#openLine({
      video: this.video,
      url: playlistUrl(this.#hlsUrl, mode, this.#trouble.quality.isLadder),
      isLowLatency: mode.type === 'live' && this.#state.transport === 'lowLatency',
      startMs: mode.type === 'past' ? mode.atMs : null,
      quality: this.#trouble.quality.state.wish,
      signal,
      onReady: () => void this.#play(),
      onRungs: (rungs) => {
        if (!this.#trouble.quality.isLadder || mode.type !== 'live') return;
        this.#trouble.quality.offered(rungs);
        this.#tellQuality();
      },
      onLevel: (level) => {
        this.#trouble.quality.plays(level);
        this.#tellQuality();
      },
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

  #onPicture(): void {
    this.#trouble.settled();
    this.#watched.restart(Date.now(), this.video.currentTime);
    if (this.#state.phase.type !== 'playing') this.#set({ phase: { type: 'playing' } });
  }

  /** A recorded window is played to its end: the next one follows, or live when there is none left. */
  #onEnded(): void {
    const { mode } = this.#state;
    if (mode.type === 'live') {
      this.#mend(this.#trouble.ended());
      return;
    }
    const loaded = this.#line?.fragments() ?? [];
    this.#open(modeAfter(mode, { loaded, spans: this.#spans, nowMs: serverNow() }));
  }

  #onVideoError(): void {
    // hls.js reports what happens to its own source; here only the browser's player is left.
    if (!this.#line?.isNative) return;
    this.#fail(this.video.error?.code === MediaError.MEDIA_ERR_DECODE ? 'decode' : 'network', backOffMs(1));
  }

  #onFault(fault: LineFault): void {
    const { mode, transport } = this.#state;
    const bandwidth = this.#line?.bandwidth() ?? null;
    const hasDecoder = this.#line !== null && !this.#line.isNative;
    const situation = { mode, transport, wantsParts: this.#wantsParts, bandwidth, hasDecoder };
    this.#mend(this.#trouble.remedyOf(fault, situation));
  }

  #mend(remedy: Remedy): void {
    const { mode } = this.#state;
    switch (remedy.type) {
      case 'none':
        return;
      case 'reopen':
        this.#tellQuality();
        return this.#open(mode);
      case 'plain':
        this.#set({ transport: 'plain' });
        return this.#open(mode);
      case 'fail':
        return this.#fail(remedy.failure, remedy.waitMs);
      case 'recoverDecoder':
        this.#set({ phase: { type: 'recovering', attempt: remedy.attempt, budget: remedy.budget } });
        this.#line?.recoverDecoder();
        void this.#play();
        return;
      case 'recoverPlayer': {
        const { attempt, budget } = remedy;
        const atMs = this.pictureMs();
        // Behind the damage, not into it again.
        const again: Mode = mode.type === 'past' && atMs !== null ? { ...mode, atMs: atMs + 2000 * attempt } : mode;
        return this.#open(again, { type: 'recovering', attempt, budget });
      }
    }
  }

  #tellQuality(): void {
    this.#set({ quality: this.#trouble.quality.state });
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
    const mayMove = !video.paused && !document.hidden && phase.type !== 'failed';
    const isStuck = this.#watched.isStuck(video.currentTime, { nowMs: Date.now(), mayMove, type: mode.type });
    if (isStuck && phase.type === 'playing') {
      this.#onFault({ type: 'media', details: 'stuck' });
      return;
    }
    const edge = this.#line?.edge() ?? null;
    if (mode.type !== 'live' || phase.type !== 'playing' || video.paused || isHeldBack || edge === null) return;
    if ((edge - video.currentTime) * 1000 > behindTargetMsMax) video.currentTime = edge;
  }
}
