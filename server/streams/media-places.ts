import type { StreamId } from '#server/contracts/ids.ts';
import type { StreamSource } from '#server/sources/service.ts';

import type { Refusal } from './admission.ts';
import type { KeptLogs } from './kept-logs.ts';
import type { SourceBook } from './source-book.ts';
import type { StateKeeper } from './state-keeper.ts';
import type { Wishes } from './wishes.ts';

/** Where the media of a stream are, and who may see them. */
export interface MediaPlace {
  url: string | null;
  source: StreamSource;
  /** Somebody reads the source at this moment. */
  isRead: boolean;
  /** Why it is not read although it is wanted. */
  refusal: Refusal | null;
}

interface Options {
  book: SourceBook;
  kept: KeptLogs;
  states: StateKeeper;
  wishes: Wishes;
  isRead: (id: StreamId) => boolean;
  /** A pass that begins now. */
  pass: () => Promise<void>;
  /** The last pass is so long ago that another is worth it. */
  isLate: () => boolean;
}

/** Finds the media of any stream, and has those read that somebody wants to see. */
export class MediaPlaces {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  async find(id: StreamId): Promise<MediaPlace | null> {
    const { book, kept, pass, isLate } = this.#options;
    const source = await book.find(id);
    if (!source) return null;
    // Not at each request: anybody can ask for streams that are not there.
    if (!source.policy.onDemand && !kept.urlOf(id) && isLate()) await pass();
    return this.#placeOf(source);
  }

  async open({ source }: MediaPlace): Promise<MediaPlace> {
    const { streamId: id, policy, hidden, deleted } = source;
    if (!policy.onDemand || hidden || deleted) return this.#placeOf(source);
    const isNew = await this.#options.wishes.note([id]);
    const place = this.#placeOf(source);
    const isDecided = (place.url && place.isRead) || (place.refusal && !isNew);
    if (isDecided) return place;
    // The wish is in the row: the next pass gives it to its nodes.
    await this.#options.pass();
    return this.#placeOf(source);
  }

  #placeOf(source: StreamSource): MediaPlace {
    const { kept, states, isRead } = this.#options;
    const id = source.streamId;
    return { source, url: kept.urlOf(id), isRead: isRead(id), refusal: states.refusalOf(id) };
  }
}
