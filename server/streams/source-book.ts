import type { StreamId } from '#server/contracts/ids.ts';
import type { SourcesService, StreamSource } from '#server/sources/service.ts';

/** Cameras change rarely and say so; they are read again now and then in case a word was lost. */
const sourcesForMs = 5000;
/** One that takes no part: asked for by address, by many at once perhaps. */
const foundForMs = 2000;
const foundMax = 500;

interface Options {
  sources: Pick<SourcesService, 'streamSources' | 'streamSource'>;
  monotonicNow: () => number;
}

/** The lines of media that take part at the moment, as they were read last. A house may list many more. */
export class SourceBook {
  readonly #options: Options;
  #sources = new Map<StreamId, StreamSource>();
  #askedFor: ReadonlySet<StreamId> = new Set();
  #readAt = -Infinity;
  #isStale = true;
  /** What is known may have been overtaken until the reading is over. */
  #isReading = false;
  readonly #found = new Map<StreamId, { source: Promise<StreamSource | null>; at: number }>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** They may have changed. */
  spoil(): void {
    this.#isStale = true;
    this.#found.clear();
  }

  get(id: StreamId): StreamSource | undefined {
    return this.#sources.get(id);
  }

  all(): StreamSource[] {
    return [...this.#sources.values()];
  }

  /** What is always read, and these. */
  async read(streamIds: readonly StreamId[]): Promise<StreamSource[]> {
    const isFresh = !this.#isStale && this.#options.monotonicNow() - this.#readAt < sourcesForMs;
    if (isFresh && streamIds.every((id) => this.#askedFor.has(id))) return this.all();
    // Before the reading: a change during it asks for another.
    this.#isStale = false;
    this.#isReading = true;
    try {
      const sources = await this.#options.sources.streamSources(streamIds);
      this.#sources = new Map(sources.map((source) => [source.streamId, source]));
    } catch (error) {
      this.#isStale = true;
      throw error;
    } finally {
      this.#isReading = false;
    }
    this.#askedFor = new Set(streamIds);
    this.#readAt = this.#options.monotonicNow();
    return this.all();
  }

  /** Any line of media, whether it takes part or not. */
  async find(id: StreamId): Promise<StreamSource | null> {
    const now = this.#options.monotonicNow();
    const known = this.#sources.get(id);
    if (known && !this.#isStale && !this.#isReading) return known;
    const found = this.#found.get(id);
    if (found && now - found.at < foundForMs) return found.source;
    const source = this.#options.sources.streamSource(id);
    source.catch(() => this.#found.delete(id));
    this.#found.delete(id);
    this.#found.set(id, { source, at: now });
    if (this.#found.size > foundMax) for (const [oldest] of [...this.#found].slice(0, 1)) this.#found.delete(oldest);
    return source;
  }
}
