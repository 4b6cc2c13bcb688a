import { inTurn } from '../fetch-queue.ts';

/** The picture of a recorded moment, or why there is none. */
export type MomentPicture =
  | { type: 'picture'; src: string; capturedMs: number | null }
  | { type: 'missing' }
  | { type: 'busy'; retryAfterMs: number };

type Kept = Extract<MomentPicture, { type: 'picture' | 'missing' }>;
type Parts = {
  fetch: typeof fetch;
  inTurn: typeof inTurn;
  makeUrl: (blob: Blob) => string;
  dropUrl: (src: string) => void;
};

const keptMax = 60;
const deadlineMs = 8000;
const retryAfterMsMax = 10_000;
/** A picture on the screen outlives its place in the cache by this. */
const dropAfterMs = 3000;

const key = (streamId: string, ms: number) => `${streamId} ${ms}`;

/** Small pictures of the recording, the last sixty kept. */
export class MomentPictures {
  readonly #parts: Parts;
  readonly #kept = new Map<string, Kept>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What is known of a moment without asking. */
  peek(streamId: string, ms: number): Kept | null {
    const kept = this.#kept.get(key(streamId, ms));
    if (!kept) return null;
    // The last looked at is the last to go.
    this.#kept.delete(key(streamId, ms));
    this.#kept.set(key(streamId, ms), kept);
    return kept;
  }

  async load(streamId: string, ms: number, signal: AbortSignal): Promise<MomentPicture> {
    const known = this.peek(streamId, ms);
    if (known) return known;
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
    const address = `/media/${streamId}/thumb.jpg?${new URLSearchParams({ at: new Date(ms).toISOString() })}`;
    const response = await this.#parts.inTurn(async () => {
      bounded.throwIfAborted();
      // Where it takes longer it is asked for again.
      return this.#parts.fetch(address, { signal: bounded, headers: { prefer: 'respond-async' } });
    });
    if (response.status === 202 || response.status === 503 || response.status === 429) {
      const seconds = Number(response.headers.get('retry-after') ?? 1);
      const waitMs = Number.isFinite(seconds) ? Math.max(0.3, seconds) * 1000 : 1000;
      return { type: 'busy', retryAfterMs: Math.min(retryAfterMsMax, waitMs) };
    }
    if (response.status === 404) {
      // What is a minute old may yet be written.
      return ms > Date.now() - 60_000 ? { type: 'missing' } : this.#keep(key(streamId, ms), { type: 'missing' });
    }
    if (!response.ok) throw new Error(`thumb.jpg answered ${response.status}`);
    const captured = response.headers.get('x-capture-time') ?? '';
    const capturedMs = /^\d{12,14}$/.test(captured) ? Number(captured) : Date.parse(captured);
    const blob = await response.blob();
    return this.#keep(key(streamId, ms), {
      type: 'picture',
      src: this.#parts.makeUrl(blob),
      capturedMs: Number.isNaN(capturedMs) ? null : capturedMs,
    });
  }

  #keep(name: string, picture: Kept): Kept {
    const before = this.#kept.get(name);
    if (before) this.#drop(name, before);
    this.#kept.set(name, picture);
    for (const [oldest, old] of this.#kept) {
      if (this.#kept.size <= keptMax) break;
      this.#drop(oldest, old);
    }
    return picture;
  }

  #drop(name: string, picture: Kept): void {
    this.#kept.delete(name);
    if (picture.type === 'picture') this.#parts.dropUrl(picture.src);
  }
}

let pictures: MomentPictures | null = null;

/** One cache a tab. */
export function momentPictures(): MomentPictures {
  pictures ??= new MomentPictures({
    fetch: (input, init) => fetch(input, init),
    inTurn,
    makeUrl: (blob) => URL.createObjectURL(blob),
    dropUrl: (src) => setTimeout(() => URL.revokeObjectURL(src), dropAfterMs),
  });
  return pictures;
}
