import { feedFaultSentence } from '#server/contracts/feed-fault.ts';
import type { Actor } from '#server/contracts/identity.ts';
import type { Logger } from '#server/platform/log.ts';
import type { Sealer } from '#server/platform/sealed.ts';
import type { Database } from '#server/platform/transaction.ts';
import { batchLengthMax, type SourcesService } from '#server/sources/service.ts';

import { FeedFault } from './feed-fault.ts';
import type { Reading } from './feed-reader.ts';
import type { Feed } from './feed.ts';
import type { Validators } from './fetch-document.ts';
import { openPending, storedPending, type Pending } from './pending.ts';
import { nextAfter } from './schedule.ts';
import * as store from './store.ts';

/** Another took the run over, or it was cancelled: what was begun here is rolled back. */
class Superseded extends Error {}

const system: Actor = { type: 'system' };
const runsKept = 30;
/** Kept of the reasons for which rows were left out. */
const rejectedRowsMax = 20_000;

export interface RunnerOptions {
  database: Database;
  sources: Pick<SourcesService, 'bulk'>;
  sealer: Sealer;
  log: Logger;
  now: () => Date;
  feed: (id: string) => Feed | null;
  read: (feed: Feed, options: { acceptFewer: boolean; signal: AbortSignal }) => Promise<Reading | null>;
  /** What servers said of documents all of whose cameras stand now. */
  stands: (validators: ReadonlyMap<string, Validators>) => void;
}

/** Does a run from where it stands. Two that do the same one harm nothing: each batch counts for the first of them alone. */
export class ImportRunner {
  readonly #options: RunnerOptions;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  async perform(runId: string, signal: AbortSignal): Promise<void> {
    const run = await store.claimRun(this.#options.database, runId);
    if (!run) return;
    const feed = feedOf(run.source, this.#options.feed);
    try {
      await this.#advance(run, feed, signal);
    } catch (error) {
      // Stopping: it is taken up again where it was left.
      if (error instanceof Superseded || signal.aborted) return;
      await this.#fail(run, feed, error);
    } finally {
      await store.pruneRuns(this.#options.database, run.source, runsKept);
    }
  }

  async #advance(run: store.PendingRunRow, feed: Feed | null, signal: AbortSignal): Promise<void> {
    const { sealer, stands } = this.#options;
    let pending = openPending(run.pending, run.id, sealer);
    let validators: Reading['validators'] | null = null;
    if (pending.stage === 'read') {
      if (!feed) throw new FeedFault('REFUSED', feedFaultSentence('NO_SUCH_FEED'));
      await store.writeWantedFeed(this.#options.database, feed.id, { lastTriedAt: this.#options.now() });
      const reading = await this.#options.read(feed, { acceptFewer: pending.acceptFewer, signal });
      if (!reading) {
        await this.#finish(run, feed, { removed: 0, missing: [], untouched: true });
        return;
      }
      ({ validators } = reading);
      pending = await this.#keep(run, reading);
    }
    await this.#apply(run, { feed, signal, cameras: pending.cameras });
    const removed = feed ? await this.#withhold(feed, pending) : 0;
    await this.#finish(run, feed, { removed, missing: pending.missing });
    if (validators && pending.missing.length === 0) stands(validators);
  }

  /** From here on a restart begins with what was read, not with reading. */
  async #keep(run: store.PendingRunRow, reading: Reading): Promise<Extract<Pending, { stage: 'apply' }>> {
    const { cameras, scopes, missing, rejected } = reading;
    const pending = { stage: 'apply', cameras, scopes, missing } as const;
    const kept = await store.setPending(this.#options.database, run.id, {
      total: cameras.length,
      rejected: rejected.length,
      rejectedRows: rejected.slice(0, rejectedRowsMax),
      pending: storedPending(pending, run.id, this.#options.sealer),
    });
    if (!kept) throw new Superseded();
    return pending;
  }

  async #apply(
    run: store.PendingRunRow,
    work: {
      feed: Feed | null;
      signal: AbortSignal;
      cameras: Extract<Pending, { stage: 'apply' }>['cameras'];
    },
  ): Promise<void> {
    const { feed, signal, cameras } = work;
    const credit = feed && {
      licence: feed.licence,
      attribution: feed.attribution,
      attributionUrl: feed.homepage,
    };
    for (let from = run.done; from < cameras.length; from += batchLengthMax) {
      signal.throwIfAborted();
      const batch = cameras.slice(from, from + batchLengthMax);
      await this.#options.sources.bulk.apply(system, {
        feed: feed?.id ?? null,
        // A public list belongs to nobody here.
        ownerId: feed ? null : run.actorId,
        credit,
        cameras: batch,
        alongside: async (rows, counts) => {
          const step = { from, to: from + batch.length, ...counts };
          if (!(await store.advanceRun(rows, run.id, step))) throw new Superseded();
        },
      });
    }
  }

  async #withhold(feed: Feed, pending: Extract<Pending, { stage: 'apply' }>): Promise<number> {
    const listed = pending.cameras.map((camera) => camera.origin);
    let removed = 0;
    for (const scope of pending.scopes)
      removed += await this.#options.sources.bulk.withholdUnlisted(system, { feed: feed.id, scope, listed });
    return removed;
  }

  async #finish(
    run: store.PendingRunRow,
    feed: Feed | null,
    { removed, missing, untouched }: { removed: number; missing: string[]; untouched?: true },
  ): Promise<void> {
    const { database, sources, now } = this.#options;
    const at = now();
    const fault = missing.length > 0 ? `PARTIAL: ${missing.join('; ')}`.slice(0, 2000) : null;
    const shown = feed ? ((await sources.bulk.shown({ feed: feed.id, scope: `${feed.id}:` })).get(feed.id) ?? 0) : 0;
    const ended = await store.endRun(database, run.id, {
      state: 'done',
      finishedAt: at,
      removed,
      ...(untouched && { unchanged: shown }),
      ...(fault === null ? {} : { fault }),
    });
    if (!ended) throw new Superseded();
    if (feed) {
      const nextAt = nextAfter(feed, at, { ok: fault === null });
      await store.writeWantedFeed(database, feed.id, { cameras: shown, lastOkAt: at, fault, nextAt });
    }
    const after = await store.findRun(database, run.id);
    sources.bulk.announce(run.source, (after?.added ?? 0) + (after?.changed ?? 0) + removed);
  }

  async #fail(run: store.PendingRunRow, feed: Feed | null, error: unknown): Promise<void> {
    const { database, log, now } = this.#options;
    const known = error instanceof FeedFault;
    if (!known) log.error({ action: 'import.failed', runId: run.id, source: run.source, error }, 'an import failed');
    const fault = known ? `${error.code}: ${error.message}` : `INTERNAL: ${feedFaultSentence('UNEXPECTED')}`;
    const at = now();
    const ended = await store.endRun(database, run.id, { state: 'failed', finishedAt: at, fault });
    if (!ended || !feed) return;
    log.warn({ action: 'feed.failed', feed: feed.id, code: known ? error.code : 'INTERNAL' }, 'a feed was not taken');
    await store.writeWantedFeed(database, feed.id, { fault, nextAt: nextAfter(feed, at, { ok: false }) });
  }
}

function feedOf(source: string, find: (id: string) => Feed | null): Feed | null {
  return source.startsWith('feed:') ? find(source.slice('feed:'.length)) : null;
}
