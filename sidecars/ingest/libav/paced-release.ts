import { monotonicUtcUs, type SourceEvent, type SourceSink } from '../source.ts';
import { Pacer } from './pacer.ts';

const queuedBytesMax = 32 * 1024 * 1024;
const queuedSecondsMax = 30;
/** How long one track waits for the others, whose samples may stand behind all of its own in a segment. */
const otherTracksMsMax = 600;
/** A segment that came late sets the pace back for good, so that the next one of its kind is in time. */
const lateUsMax = 150_000;

interface Queued {
  timeUs: number;
  bytes: number;
  event: SourceEvent;
}

/**
 * Segments come in heaps, and in them one track may stand after the other: this puts the units of all tracks in the order of their time and
 * lets them go at its pace.
 */
export class PacedRelease {
  private readonly out: SourceSink;
  private readonly signal: AbortSignal;
  private readonly pacer = new Pacer(lateUsMax);
  private timescales = new Map<number, number>();
  private queues = new Map<number, Queued[]>();
  private bytes = 0;
  private lastTimeUs = new Map<number, number>();
  private pushedAt = 0;
  private waiters: (() => void)[] = [];
  private ended = false;

  constructor(out: SourceSink, signal: AbortSignal) {
    this.out = out;
    this.signal = signal;
    signal.addEventListener('abort', () => this.wake(), { once: true });
  }

  readonly sink: SourceSink = (event) => {
    switch (event.type) {
      case 'tracks':
        this.timescales = new Map(event.tracks.map(({ id, timescale }) => [id, timescale]));
        this.queues = new Map(event.tracks.map(({ id }) => [id, this.queues.get(id) ?? []]));
        this.out(event);
        return;
      case 'unit': {
        const { track, dts, pts, payload } = event.unit;
        const ticks = dts ?? pts;
        const scale = this.timescales.get(track) ?? 1;
        const timeUs = ticks === null ? (this.lastTimeUs.get(track) ?? 0) : (ticks / scale) * 1_000_000;
        this.lastTimeUs.set(track, timeUs);
        this.enqueue(track, { timeUs, bytes: payload.form === 'pieces' ? payload.size : payload.data.length, event });
        return;
      }
      case 'clock':
      case 'lost':
        // Told with the unit it came with.
        this.enqueue(event.track, { timeUs: this.lastTimeUs.get(event.track) ?? 0, bytes: 0, event });
        return;
    }
  };

  /** Waits while more is queued than may be. */
  async room(): Promise<void> {
    while (!this.signal.aborted && !this.ended && this.isFull()) await this.change();
  }

  /** Waits until all has gone out, and begins a new pace. */
  async drained(): Promise<void> {
    while (!this.signal.aborted && !this.ended && this.earliest() !== null) await this.change();
    this.pacer.reset();
  }

  /** Lets units go until the signal comes or `end` was called and nothing is left. */
  async run(): Promise<void> {
    while (!this.signal.aborted) {
      const next = this.earliest();
      if (next === null) {
        if (this.ended) return;
        await this.change();
        continue;
      }
      const waitedMs = performance.now() - this.pushedAt;
      if (!this.ended && !this.isFull() && waitedMs < otherTracksMsMax && this.anyEmpty()) {
        await this.change(otherTracksMsMax - waitedMs);
        continue;
      }
      await this.pacer.wait(next.head.timeUs, this.signal);
      next.queue.shift();
      this.bytes -= next.head.bytes;
      this.out(stamped(next.head.event));
      this.wake();
    }
  }

  end(): void {
    this.ended = true;
    this.wake();
  }

  private enqueue(track: number, queued: Queued): void {
    const queue = this.queues.get(track);
    if (!queue) return;
    queue.push(queued);
    this.bytes += queued.bytes;
    this.pushedAt = performance.now();
    this.wake();
  }

  private earliest(): { queue: Queued[]; head: Queued } | null {
    let found: { queue: Queued[]; head: Queued } | null = null;
    for (const queue of this.queues.values()) {
      const [head] = queue;
      if (head && (found === null || head.timeUs < found.head.timeUs)) found = { queue, head };
    }
    return found;
  }

  private anyEmpty(): boolean {
    return [...this.queues.values()].some((queue) => queue.length === 0);
  }

  private isFull(): boolean {
    if (this.bytes > queuedBytesMax) return true;
    return [...this.queues.values()].some((queue) => {
      const [first, last] = [queue[0], queue.at(-1)];
      return first !== undefined && last !== undefined && last.timeUs - first.timeUs > queuedSecondsMax * 1_000_000;
    });
  }

  private change(msMax?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = msMax === undefined ? null : setTimeout(resolve, Math.max(1, msMax));
      this.waiters.push(() => {
        if (timer) clearTimeout(timer);
        resolve();
      });
    });
  }

  private wake(): void {
    for (const waiter of this.waiters.splice(0)) waiter();
  }
}

/** For who reads on, a unit arrives when it is let go. */
function stamped(event: SourceEvent): SourceEvent {
  const arrivalUs = monotonicUtcUs();
  switch (event.type) {
    case 'unit':
      return { type: 'unit', unit: { ...event.unit, arrivalUs } };
    case 'clock':
      return { ...event, arrivalUs };
    case 'tracks':
    case 'lost':
      return event;
  }
}
