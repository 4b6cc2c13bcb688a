import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Line, LineFault, LineRequest } from './hls-line.ts';
import type { DatedFragment } from './picture-time.ts';
import type { Bandwidth, Quality } from './quality.ts';
import { StreamSession } from './stream-session.ts';

const start = Date.parse('2026-11-22T12:00:00Z');
const hour = 3_600_000;

/** As much of a `<video>` as a session touches. */
class FakeVideo extends EventTarget {
  currentTime = 0;
  playbackRate = 1;
  defaultPlaybackRate = 1;
  paused = true;
  readyState = 4;
  error = null;
  play(): Promise<void> {
    this.paused = false;
    return Promise.resolve();
  }
  pause(): void {
    this.paused = true;
  }
  getVideoPlaybackQuality() {
    return { droppedVideoFrames: 0 };
  }
}

/** One opening, as the double at the edge of hls.js saw it. */
class FakeLine implements Line {
  readonly isNative = false;
  readonly request: LineRequest;
  dated: DatedFragment[] = [];
  edgeSeconds: number | null = null;
  shownMs: number | null = null;
  recoveries = 0;
  isClosed = false;
  lowLatency: { isOn: boolean; isChasing: boolean } | null = null;
  constructor(request: LineRequest) {
    this.request = request;
  }
  fragments = () => this.dated;
  edge = () => this.edgeSeconds;
  pictureMs = () => this.shownMs;
  recoverDecoder = () => {
    this.recoveries += 1;
  };
  setLowLatency = (isOn: boolean, isChasing: boolean) => {
    this.lowLatency = { isOn, isChasing };
  };
  setBufferSeconds = () => undefined;
  quality: Quality | null = null;
  measured: Bandwidth | null = null;
  setQuality = (quality: Quality) => {
    this.quality = quality;
  };
  bandwidth = () => this.measured;
  close = () => {
    this.isClosed = true;
  };
  fault = (fault: LineFault) => this.request.onFault(fault);
}

function aSession({ isLowLatency = true, hasLadder = false }: { isLowLatency?: boolean; hasLadder?: boolean } = {}) {
  const video = new FakeVideo();
  const lines: FakeLine[] = [];
  const session = new StreamSession({
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the double has what a session uses of it
    video: video as unknown as HTMLVideoElement,
    hlsUrl: '/media/s/index.m3u8',
    hasLadder,
    isLowLatency,
    openLine: (request) => {
      const line = new FakeLine(request);
      lines.push(line);
      return Promise.resolve(line);
    },
  });
  const line = (): FakeLine => {
    const last = lines.at(-1);
    if (!last) throw new Error('nothing was opened');
    return last;
  };
  const plays = async () => {
    await vi.advanceTimersByTimeAsync(0);
    line().request.onReady();
    video.dispatchEvent(new Event('playing'));
  };
  return { session, video, lines, line, plays };
}

beforeEach(() => {
  vi.useFakeTimers({ now: start });
  vi.stubGlobal('document', { hidden: false });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a session and the smaller pictures of the server', () => {
  it('asks for none without need, and for them where the line is too narrow', async () => {
    const { session, lines, line, plays } = aSession();
    session.goLive();
    await plays();
    expect(line().request.url).toBe('/media/s/index.m3u8?ladder=0');
    line().measured = { estimate: 9e6, needed: 5e6 };
    line().fault({ type: 'stalled' });
    expect(lines).toHaveLength(1);
    line().measured = { estimate: 3e6, needed: 5e6 };
    line().fault({ type: 'stalled' });
    await plays();
    expect(lines).toHaveLength(2);
    expect(line().request).toMatchObject({ url: '/media/s/index.m3u8?ladder=1', quality: 'auto', isLowLatency: true });
    line().request.onRungs(['720', '480']);
    line().request.onLevel('480');
    expect(session.state().quality).toEqual({
      wish: 'auto',
      playing: '480',
      offered: ['720', '480'],
      isRefused: false,
    });
    session.close();
  });

  it('goes back to parts when whole segments have played for a while, and waits longer each time', async () => {
    const { session, video, line, plays } = aSession();
    session.goLive();
    const stallsUntilPlain = () => {
      for (let stall = 0; stall < 4; stall += 1) line().fault({ type: 'stalled' });
    };
    const playsFor = async (seconds: number) => {
      await plays();
      line().edgeSeconds = video.currentTime;
      for (let second = 0; second < seconds; second += 1) {
        video.currentTime += 1;
        line().edgeSeconds = video.currentTime + 2;
        await vi.advanceTimersByTimeAsync(1000);
      }
    };
    await playsFor(1);
    for (const [waits, comes] of [
      [118, 4],
      [238, 4],
    ] as const) {
      stallsUntilPlain();
      await playsFor(waits);
      expect(session.state().transport).toBe('plain');
      await playsFor(comes);
      expect(session.state().transport).toBe('lowLatency');
      expect(line().lowLatency).toEqual({ isOn: true, isChasing: true });
    }
    session.close();
  });

  it('asks for them where whole segments stall as well', async () => {
    const { session, line, plays } = aSession();
    session.goLive();
    await plays();
    for (let stall = 0; stall < 4; stall += 1) line().fault({ type: 'stalled' });
    await plays();
    expect(session.state().transport).toBe('plain');
    await vi.advanceTimersByTimeAsync(61_000);
    await plays();
    for (let stall = 0; stall < 3; stall += 1) line().fault({ type: 'stalled' });
    await plays();
    expect(line().request.url).toBe('/media/s/index.m3u8?ladder=1');
    session.close();
  });

  it('asks for none where it shows one of many pictures', async () => {
    const { session, lines, line, plays } = aSession({ isLowLatency: false });
    session.goLive();
    await plays();
    line().measured = { estimate: 1e6, needed: 5e6 };
    for (let stall = 0; stall < 9; stall += 1) line().fault({ type: 'stalled' });
    expect(lines).toHaveLength(1);
    session.close();
  });

  it('opens the ladder for the size that the viewer chose, and changes within it without opening anew', async () => {
    const { session, lines, line, plays } = aSession();
    session.goLive();
    await plays();
    session.setQuality('480');
    await plays();
    expect(line().request).toMatchObject({ url: '/media/s/index.m3u8?ladder=1', quality: '480' });
    session.setQuality('source');
    expect(lines).toHaveLength(2);
    expect(line().quality).toBe('source');
    session.close();
  });

  it('says so and plays the source where the server makes none', async () => {
    const { session, line, plays } = aSession();
    session.goLive();
    await plays();
    session.setQuality('480');
    await plays();
    line().request.onRungs(['480']);
    line().fault({ type: 'network', status: 503, retryAfterMs: null });
    await plays();
    expect(line().request.url).toBe('/media/s/index.m3u8?ladder=0');
    expect(session.state()).toMatchObject({ phase: { type: 'playing' }, quality: { wish: '480', isRefused: true } });
    session.close();
  });

  it('begins with them where they are always made, and with the source where they are not at the moment', async () => {
    const { session, line, plays } = aSession({ hasLadder: true });
    session.goLive();
    await plays();
    expect(line().request).toMatchObject({ url: '/media/s/index.m3u8?ladder=1', quality: 'auto', isNarrow: false });
    line().request.onRungs(['720', '480']);
    expect(session.state().quality.offered).toEqual(['720', '480']);
    line().fault({ type: 'network', status: 503, retryAfterMs: null });
    await plays();
    expect(line().request.url).toBe('/media/s/index.m3u8?ladder=0');
    session.close();
  });

  it('has none in the recording', async () => {
    const { session, line, plays } = aSession();
    session.goLive();
    await plays();
    session.setQuality('480');
    await plays();
    session.seekTo(start - hour);
    await plays();
    expect(line().request.url).toMatch(/\?from=/);
    session.close();
  });
});

describe('a session that can not keep up with parts', () => {
  it('reads whole segments after the fourth stall within a minute', async () => {
    const { session, lines, line, plays } = aSession();
    session.goLive();
    await plays();
    expect(line().request.isLowLatency).toBe(true);
    for (let stall = 0; stall < 3; stall += 1) line().fault({ type: 'stalled' });
    expect(lines).toHaveLength(1);
    line().fault({ type: 'stalled' });
    await plays();
    expect(lines).toHaveLength(2);
    expect(lines[0]?.isClosed).toBe(true);
    expect(line().request.isLowLatency).toBe(false);
    expect(session.state()).toMatchObject({ transport: 'plain', mode: { type: 'live' }, phase: { type: 'playing' } });
    session.close();
  });

  it('stays with parts where the stalls are far apart', async () => {
    const { session, lines, line, plays } = aSession();
    session.goLive();
    await plays();
    for (let stall = 0; stall < 8; stall += 1) {
      line().fault({ type: 'stalled' });
      await vi.advanceTimersByTimeAsync(25_000);
      line().request.video.currentTime += 25;
    }
    expect(lines.every(({ request }) => request.isLowLatency)).toBe(true);
    expect(session.state().transport).toBe('lowLatency');
    session.close();
  });

  it('changes over to parts and back without opening anew', async () => {
    const { session, video, lines, line, plays } = aSession({ isLowLatency: false });
    session.goLive();
    await plays();
    line().edgeSeconds = 100;
    session.setLowLatency(true);
    expect(lines).toHaveLength(1);
    expect(line().lowLatency).toEqual({ isOn: true, isChasing: true });
    expect(video.currentTime).toBe(100);
    session.setLowLatency(false);
    expect(line().lowLatency).toEqual({ isOn: false, isChasing: true });
    expect(lines).toHaveLength(1);
    session.close();
  });
});

describe('a recording that is watched to the end of its window', () => {
  it('goes on in the next hour, where the first ended', async () => {
    const { session, video, lines, line, plays } = aSession();
    const fromMs = start - 5 * hour;
    session.seekTo(fromMs);
    await plays();
    const { searchParams } = new URL(line().request.url, 'http://house');
    expect(searchParams.get('from')).toBe(new Date(fromMs - 30_000).toISOString());
    expect(searchParams.get('to')).toBe(new Date(fromMs - 30_000 + hour).toISOString());
    expect(line().request.startMs).toBe(fromMs);
    const endMs = fromMs - 30_000 + hour;
    line().dated = [{ start: 0, duration: hour / 1000, programDateTime: endMs - hour }];
    video.dispatchEvent(new Event('ended'));
    await plays();
    expect(lines).toHaveLength(2);
    expect(line().request.startMs).toBe(endMs);
    expect(new URL(line().request.url, 'http://house').searchParams.get('to')).toBe(
      new Date(endMs + hour).toISOString(),
    );
    session.close();
  });

  it('steps over a hole into what follows it', async () => {
    const { session, video, line, plays } = aSession();
    const endMs = start - 3 * hour;
    session.setCoverage([
      { fromMs: start - 5 * hour, toMs: endMs, kind: 'recorded' },
      { fromMs: endMs, toMs: endMs + hour, kind: 'offline' },
      { fromMs: endMs + hour, toMs: start, kind: 'recorded' },
    ]);
    session.seekTo(endMs - 60_000);
    await plays();
    line().dated = [{ start: 0, duration: 60, programDateTime: endMs - 60_000 }];
    video.dispatchEvent(new Event('ended'));
    await plays();
    expect(line().request.startMs).toBe(endMs + hour);
    session.close();
  });

  it('goes live where nothing recorded is left', async () => {
    const { session, video, line, plays } = aSession();
    session.seekTo(start - 60_000);
    await plays();
    line().dated = [{ start: 0, duration: 88, programDateTime: start - 90_000 }];
    video.dispatchEvent(new Event('ended'));
    await plays();
    expect(session.state().mode).toEqual({ type: 'live' });
    expect(line().request.startMs).toBeNull();
    session.close();
  });
});

describe('a picture that can not be decoded', () => {
  it('mends the decoder first, then opens anew behind the damage, and gives up after five in two minutes', async () => {
    const { session, lines, line, plays } = aSession();
    const atMs = start - 2 * hour;
    session.seekTo(atMs);
    await plays();
    line().shownMs = atMs + 10_000;
    line().fault({ type: 'media', details: 'bufferAppendError' });
    expect(line().recoveries).toBe(1);
    expect(session.state().phase).toEqual({ type: 'recovering', attempt: 1, budget: 5 });
    expect(lines).toHaveLength(1);

    line().fault({ type: 'media', details: 'bufferAppendError' });
    await plays();
    expect(lines).toHaveLength(2);
    expect(line().request.startMs).toBe(atMs + 10_000 + 4000);
    for (let attempt = 3; attempt <= 5; attempt += 1) {
      line().fault({ type: 'media', details: 'bufferAppendError' });
      await plays();
    }
    line().fault({ type: 'media', details: 'bufferAppendError' });
    expect(session.state().phase).toMatchObject({ type: 'failed', failure: 'decode' });
    // A budget that refills: the next try follows by itself.
    const opened = lines.length;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(lines).toHaveLength(opened + 1);
    session.close();
  });

  it('never mends a hole in place', async () => {
    const { session, lines, line, plays } = aSession();
    session.goLive();
    await plays();
    line().fault({ type: 'media', details: 'bufferSeekOverHole' });
    await plays();
    expect(lines).toHaveLength(2);
    expect(lines[0]?.recoveries).toBe(0);
    session.close();
  });

  it('is noticed where nothing is said: a picture that stands for six seconds while it plays', async () => {
    const { session, line, plays } = aSession();
    session.goLive();
    await plays();
    await vi.advanceTimersByTimeAsync(8000);
    expect(line().recoveries).toBe(1);
    session.close();
  });
});

describe('a source that does not answer', () => {
  it('is asked again when the server said, and each refusal is said in words', async () => {
    const { session, lines, line, plays } = aSession();
    session.goLive();
    await plays();
    line().fault({ type: 'network', status: 503, retryAfterMs: 4000 });
    expect(session.state().phase).toEqual({ type: 'failed', failure: 'starting', retryAtMs: Date.now() + 4000 });
    await vi.advanceTimersByTimeAsync(3900);
    expect(lines).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(lines).toHaveLength(2);
    session.close();
  });

  it('is left alone where waiting can not help', async () => {
    const { session, lines, line, plays } = aSession();
    session.goLive();
    await plays();
    line().fault({ type: 'network', status: 403, retryAfterMs: null });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lines).toHaveLength(1);
    expect(session.state().phase).toEqual({ type: 'failed', failure: 'forbidden', retryAtMs: null });
    session.close();
  });

  it('does not hear an opening that was given up for another', async () => {
    const { session, lines, plays } = aSession();
    session.goLive();
    await plays();
    session.seekTo(start - hour);
    await plays();
    lines[0]?.fault({ type: 'network', status: 500, retryAfterMs: null });
    expect(session.state().phase).toEqual({ type: 'playing' });
    session.close();
  });
});

describe('a viewer who goes back inside the live window', () => {
  it('is neither pulled nor hurried to the edge', async () => {
    const { session, video, line, plays } = aSession();
    session.goLive();
    await plays();
    line().dated = [{ start: 0, duration: 60, programDateTime: start - 60_000 }];
    line().edgeSeconds = 59;
    session.seekTo(start - 40_000);
    expect(video.currentTime).toBe(20);
    expect(line().lowLatency).toEqual({ isOn: true, isChasing: false });
    video.currentTime += 1;
    await vi.advanceTimersByTimeAsync(2000);
    expect(video.currentTime).toBe(21);
    session.goLive();
    expect(video.currentTime).toBe(59);
    expect(line().lowLatency).toEqual({ isOn: true, isChasing: true });
    session.close();
  });

  it('leaves nothing behind when closed', async () => {
    const { session, line, plays } = aSession();
    session.goLive();
    await plays();
    session.close();
    expect(line().isClosed).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});
