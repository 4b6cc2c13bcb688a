import type { StreamId } from '#server/contracts/ids.ts';

import { LookThumbnails, type LookThumbnail } from './look-thumbnails.ts';
import { Rotation, type RotationOptions } from './rotation.ts';

interface Options extends Omit<RotationOptions, 'thumbnails' | 'looksPerMinute' | 'bytesPerSecond'> {
  looks: { dir: string; perMinute: number; bytesPerSecond: number } | undefined;
}

/** A picture that is older is taken anew for who sees it. */
const freshMs = 120_000;

/** Single pictures of what nobody reads: taken in turn, and for who sees a camera that has none. */
export class Looks {
  readonly rotation: Rotation;
  readonly #thumbnails: LookThumbnails | null;
  readonly #isOn: boolean;
  readonly #now: () => Date;

  constructor({ looks, ...options }: Options) {
    this.#now = options.now;
    this.#isOn = (looks?.perMinute ?? 0) > 0;
    this.#thumbnails = looks ? new LookThumbnails({ dir: looks.dir, log: options.log }) : null;
    this.rotation = new Rotation({
      ...options,
      thumbnails: this.#thumbnails,
      looksPerMinute: looks?.perMinute ?? 0,
      bytesPerSecond: looks?.bytesPerSecond ?? 0,
    });
  }

  start(): () => Promise<void> {
    return this.#isOn ? this.rotation.start() : () => Promise.resolve();
  }

  /** The picture of the last look. Takes one first where there is none, which takes 3 s at most. */
  async thumbnail(id: StreamId): Promise<LookThumbnail | null> {
    if (!this.#thumbnails) return null;
    const kept = await this.#thumbnails.get(id);
    if (kept && this.#now().getTime() - kept.capturedAt.getTime() > freshMs) this.rotation.hint([id]);
    if (kept) return kept;
    await this.rotation.lookNow(id);
    return this.#thumbnails.get(id);
  }
}
