/** Segments read from the disk lately, over all streams: a hundred viewers of one hour cost one read each few seconds. */
const bytesMaxDefault = 16 * 1024 * 1024;

export class SegmentCache {
  readonly #bytesMax: number;
  /** In the order of use; reads under way are joined. */
  readonly #entries = new Map<string, { reading: Promise<Buffer | null>; bytes: number }>();
  #bytes = 0;

  constructor(bytesMax = bytesMaxDefault) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What is there under this name, else what `read` gives. A failed read is not kept. */
  async get(key: string, read: () => Promise<Buffer | null>): Promise<Buffer | null> {
    const known = this.#entries.get(key);
    if (known) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known.reading;
    }
    const entry = { reading: read(), bytes: 0 };
    this.#entries.set(key, entry);
    const isHeld = () => this.#entries.get(key) === entry;
    try {
      const found = await entry.reading;
      if (!found || found.length > this.#bytesMax / 4) {
        if (isHeld()) this.#entries.delete(key);
      } else if (isHeld()) {
        entry.bytes = found.length;
        this.#bytes += found.length;
        this.#trim();
      }
      return found;
    } catch (error) {
      if (isHeld()) this.#entries.delete(key);
      throw error;
    }
  }

  #trim(): void {
    for (const [key, { bytes }] of this.#entries) {
      if (this.#bytes <= this.#bytesMax) return;
      // One that is still being read takes nothing yet.
      if (bytes === 0) continue;
      this.#entries.delete(key);
      this.#bytes -= bytes;
    }
  }
}
