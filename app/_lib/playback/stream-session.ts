import { serverNow } from '../server-clock.ts';
import type { Span } from './coverage.ts';
import { destinationOf } from './destination.ts';
import { openLine as openHlsLine, type OpenLine } from './hls-line.ts';
import { KeptLine } from './kept-line.ts';
import { wallRangeOf } from './picture-time.ts';
import type { Quality } from './quality.ts';
import type { SessionState } from './session-state.ts';

const watchEveryMs = 1000;

type SessionParts = {
  video: HTMLVideoElement;
  hlsUrl: string;
  /** The server makes smaller pictures always: what fits is played from the start. */
  hasLadder?: boolean;
  /** Without it a whole segment is waited for: one of many pictures side by side needs no more, and leaves connections free. */
  isLowLatency?: boolean;
  openLine?: OpenLine;
};

/** What a viewer asks of one camera's picture in a `<video>`, live or from the recording. Knows nothing of React nor of hls.js. */
export class StreamSession {
  readonly video: HTMLVideoElement;
  readonly #kept: KeptLine;
  readonly #listeners = new Set<() => void>();
  readonly #stop = new AbortController();

  constructor({ video, hlsUrl, hasLadder = false, isLowLatency = true, openLine = openHlsLine }: SessionParts) {
    this.video = video;
    const changed = () => {
      for (const listener of this.#listeners) listener();
    };
    const kept = new KeptLine({ video, hlsUrl, hasLadder, isLowLatency, openLine, changed });
    this.#kept = kept;
    const { signal } = this.#stop;
    video.addEventListener('playing', () => kept.pictureCame(), { signal });
    // Where the browser wants a gesture before it plays, the first picture stands and waits for it.
    video.addEventListener('loadeddata', () => kept.pictureCame(), { signal });
    video.addEventListener('ended', () => kept.ended(), { signal });
    video.addEventListener('error', () => kept.videoFailed(), { signal });
    const watch = setInterval(() => kept.look(), watchEveryMs);
    signal.addEventListener('abort', () => clearInterval(watch));
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  state = (): SessionState => this.#kept.state;

  /** Wall-clock time of the picture that is shown; null before the first and without a clock. */
  pictureMs(): number | null {
    return this.#kept.pictureMs;
  }

  droppedFrames(): number {
    return this.video.getVideoPlaybackQuality().droppedVideoFrames;
  }

  /** What is recorded, so that a hole is stepped over instead of asked for. */
  setCoverage(spans: readonly Span[]): void {
    this.#kept.spans = spans;
  }

  /** Kept over every new opening, which would otherwise begin at 1 again. */
  setRate(rate: number): void {
    const { video } = this;
    if (video.playbackRate === rate && video.defaultPlaybackRate === rate) return;
    video.defaultPlaybackRate = rate;
    video.playbackRate = rate;
    this.#kept.bufferFor(rate);
  }

  /** Changes over where it stands; live then jumps to the nearer edge. */
  setLowLatency(isLowLatency: boolean): void {
    const kept = this.#kept;
    const { transport, mode, phase, isHeldBack } = kept.state;
    kept.wantsParts = isLowLatency;
    if (transport === 'native' || (transport === 'lowLatency') === isLowLatency) return;
    kept.changeOver(isLowLatency);
    if (isLowLatency && mode.type === 'live' && phase.type === 'playing' && !isHeldBack) this.goLive();
  }

  /** Smaller pictures are asked of the server only now that somebody wants one. Recordings have none. */
  setQuality(quality: Quality): void {
    const kept = this.#kept;
    const opens = kept.quality.choose(quality);
    kept.tellQuality();
    if (opens && kept.state.mode.type === 'live') kept.open({ type: 'live' });
    else kept.line?.setQuality(quality);
  }

  goLive(): void {
    const { line, state } = this.#kept;
    this.#kept.settled();
    const edge = line?.edge() ?? null;
    if (state.mode.type === 'live' && state.phase.type === 'playing' && edge !== null) {
      this.video.currentTime = edge;
      this.#holdBack(false);
      void this.#kept.play();
      return;
    }
    this.#kept.open({ type: 'live' });
  }

  /** Shows the picture of a moment: inside what is loaded by a jump, else by opening the recording there. */
  seekTo(wallMs: number): void {
    const { line, state, spans } = this.#kept;
    const loaded = state.phase.type === 'playing' ? (line?.fragments() ?? []) : null;
    const destination = destinationOf(wallMs, { loaded, spans, nowMs: serverNow() });
    if (destination.type === 'live') return this.goLive();
    if (destination.type === 'jump') {
      this.video.currentTime = destination.mediaTime;
      return this.#holdBack(state.mode.type === 'live');
    }
    this.#kept.settled();
    this.#kept.open(destination.mode);
  }

  togglePlay(): void {
    const { video } = this;
    if (!video.paused) {
      video.pause();
      return;
    }
    const pictureMs = this.pictureMs();
    const range = wallRangeOf(this.#kept.line?.fragments() ?? []);
    // Paused for longer than the live window is: go on from the recording, where the viewer stopped.
    if (this.state().mode.type === 'live' && pictureMs !== null && range !== null && pictureMs < range.fromMs) {
      this.seekTo(pictureMs);
    }
    void this.#kept.play();
  }

  setPlaying(isPlaying: boolean): void {
    if (this.video.paused !== isPlaying) return;
    if (isPlaying) void this.#kept.play();
    else this.video.pause();
  }

  retryNow(): void {
    this.#kept.retryNow();
  }

  close(): void {
    this.#stop.abort();
    this.#kept.close();
    this.#listeners.clear();
  }

  /** Who went back inside the live window is neither pulled nor hurried to its edge. */
  #holdBack(isHeldBack: boolean): void {
    const kept = this.#kept;
    kept.line?.setLowLatency(kept.state.transport === 'lowLatency', !isHeldBack);
    kept.set({ isHeldBack });
  }
}
