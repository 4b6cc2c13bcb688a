import { createHmac } from 'node:crypto';

import { ExponentialBackoff, type IBackoff } from 'cockatiel';

import type { StreamId } from '#server/contracts/ids.ts';
import type { IngestAssignment } from '#server/contracts/sidecar.ts';

import type { TrustedSources } from './trusted-sources.ts';

/**
 * Which source may share a cell (media contract §2). A stranger runs alone until it was clean for the probation; then it joins a shared cell at its
 * next reconnect, which costs nothing; what was clean when the node ran last shares at once. Drawn sources and local files are ours: they share from the start, until they were in a cell that crashed.
 */
export const sourcesPerCell = 16;

type Source = IngestAssignment['source'];

interface Conduct {
  /** Of kind, address (its host where the rest moves), options and masks: another key is another source. */
  key: string;
  ours: boolean;
  cleanSinceMs: number;
  crashed: boolean;
  backoff: IBackoff<unknown> | null;
}

const crashBackoff = new ExponentialBackoff({ initialDelay: 500, maxDelay: 30_000 });
/** On-demand sources come and go; what is remembered of those that are gone has a bound. */
const rememberedMax = 5000;

export interface ProbationOptions {
  probationMs: number;
  /** Keys the hashes of sources, so that nobody guesses a password from one. */
  secret: string;
  /** Of the run before. */
  trusted?: TrustedSources;
}

export class Probation {
  readonly #options: ProbationOptions;
  readonly #probationMs: number;
  readonly #conducts = new Map<StreamId, Conduct>();

  constructor(options: ProbationOptions) {
    this.#options = options;
    this.#probationMs = options.probationMs;
  }

  /** Strangers that have been clean long enough. */
  trusted(nowMs: number): TrustedSources {
    const trusted = [...this.#conducts].filter(([streamId, { ours }]) => !ours && this.mayShare(streamId, nowMs));
    return new Map(trusted.map(([streamId, { key }]) => [streamId, key]));
  }

  /** True when the stream is read from another source than before: it is a stranger again. */
  noteSource(streamId: StreamId, source: Source, nowMs: number): boolean {
    const key = sourceKey(source, this.#options.secret);
    const known = this.#conducts.get(streamId);
    if (known?.key === key) return false;
    if (!known && this.#conducts.size >= rememberedMax) {
      const [oldest] = this.#conducts.keys();
      if (oldest) this.#conducts.delete(oldest);
    }
    const ours = source.kind === 'synthetic' || source.kind === 'file';
    const wasTrusted = !known && this.#options.trusted?.get(streamId) === key;
    const cleanSinceMs = wasTrusted ? nowMs - this.#probationMs : nowMs;
    this.#conducts.set(streamId, { key, ours, cleanSinceMs, crashed: false, backoff: null });
    return known !== undefined;
  }

  /** Its cell died. Gives how long to wait before it is started anew, alone. */
  noteCrash(streamId: StreamId, nowMs: number): number {
    const conduct = this.#conducts.get(streamId);
    if (!conduct) return 0;
    if (nowMs - conduct.cleanSinceMs >= this.#probationMs) conduct.backoff = null;
    conduct.backoff = (conduct.backoff ?? crashBackoff).next(undefined);
    conduct.crashed = true;
    conduct.cleanSinceMs = nowMs;
    return Math.round(conduct.backoff.duration);
  }

  mayShare(streamId: StreamId, nowMs: number): boolean {
    const conduct = this.#conducts.get(streamId);
    if (!conduct) return false;
    if (conduct.ours && !conduct.crashed) return true;
    return nowMs - conduct.cleanSinceMs >= this.#probationMs;
  }
}

/** The options' order is the contract's, which zod keeps. Masks count: whoever sets one must not wait for the next reconnect. */
function sourceKey({ kind, address, options, addressMoves, masks = [] }: Source, secret: string): string {
  const place = addressMoves ? (URL.parse(address)?.host ?? address) : address;
  return createHmac('sha256', secret)
    .update(JSON.stringify([kind, place, options, ...masks]))
    .digest('base64');
}

export interface CellRoom {
  capacity: number;
  sources: number;
  /** False while it goes away or is not to be trusted with more. */
  accepting: boolean;
}

/** The fullest shared cell with room, so that few processes run; undefined: a new one is wanted. */
export function chooseCell<Room extends CellRoom>(cells: Iterable<Room>): Room | undefined {
  let best: Room | undefined;
  for (const cell of cells) {
    if (!cell.accepting || cell.capacity === 1 || cell.sources >= cell.capacity) continue;
    if (!best || cell.sources > best.sources) best = cell;
  }
  return best;
}
