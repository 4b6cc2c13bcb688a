import { v7 as uuidv7 } from 'uuid';

import type { FeedView, ImportRun, ImportRunPage, RejectedRow } from '#server/contracts/feeds.ts';
import type { Actor } from '#server/contracts/identity.ts';
import type { IdentityService } from '#server/identity/service.ts';
import { AppError } from '#server/platform/app-error.ts';
import { noteChange } from '#server/platform/change-note.ts';
import type { Events } from '#server/platform/events.ts';
import type { Logger } from '#server/platform/log.ts';
import type { Sealer } from '#server/platform/sealed.ts';
import { readSetting, writeSetting } from '#server/platform/settings.ts';
import { inTransaction, type Database } from '#server/platform/transaction.ts';
import type { SourcesService } from '#server/sources/service.ts';

import { catalogue } from './catalogue.ts';
import { rejectedOf, toFeedView, toImportRun } from './feed-view.ts';
import type { Feed } from './feed.ts';
import { FileImports } from './file-imports.ts';
import { ImportRunner } from './import-runner.ts';
import { Outside, type OutsideOptions } from './outside.ts';
import { storedPending } from './pending.ts';
import { decodeCursor, encodeCursor } from './run-cursor.ts';
import { isStale, nextAfter } from './schedule.ts';
import * as store from './store.ts';

export interface FeedsOptions {
  database: Database;
  events: Events;
  sealer: Sealer;
  identity: Pick<IdentityService, 'authorize' | 'isAllowed'>;
  sources: Pick<SourcesService, 'bulk'>;
  log: Logger;
  now?: () => Date;
  /** Stand-ins for tests. */
  feeds?: readonly Feed[];
  outside?: OutsideOptions;
}

/** Lists of public cameras and files of cameras: whether they are wanted, how they are read, what came of it. */
export class FeedsService {
  readonly #options: FeedsOptions;
  readonly #now: () => Date;
  readonly #feeds: readonly Feed[];
  readonly #outside: Outside;
  readonly #runner: ImportRunner;
  readonly #running = new Map<string, AbortController>();
  readonly files: FileImports;

  constructor(options: FeedsOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
    this.#feeds = options.feeds ?? catalogue;
    this.#outside = new Outside(options.outside);
    this.#runner = new ImportRunner({
      ...options,
      now: this.#now,
      feed: (id) => this.#feeds.find((feed) => feed.id === id) ?? null,
      read: (feed, { acceptFewer, signal }) =>
        this.#outside.read(feed, {
          acceptFewer,
          signal,
          now: this.#now(),
          standing: async (scope) => (await options.sources.bulk.shown({ feed: feed.id, scope })).get(feed.id) ?? 0,
        }),
      stands: (validators) => this.#outside.remember(validators),
    });
    this.files = new FileImports(options);
  }

  /** What is read and from whom: for everybody, because it is shown with the pictures. Faults are for the owner. */
  async list(actor: Actor): Promise<FeedView[]> {
    const { database, identity, sources } = this.#options;
    const [rows, open, shown] = await Promise.all([
      store.listFeeds(database),
      store.listOpenRuns(database),
      sources.bulk.shown(),
    ]);
    const forOwner = identity.isAllowed(actor, 'feed:write');
    return this.#feeds.map((feed) =>
      toFeedView(feed, rows.find((row) => row.id === feed.id) ?? null, {
        cameras: shown.get(feed.id) ?? 0,
        running: open.some((run) => run.source === `feed:${feed.id}`),
        now: this.#now(),
        forOwner,
      }),
    );
  }

  /** The operator's answer for all of them at once. */
  async choose(actor: Actor, answer: 'wanted' | 'refused'): Promise<void> {
    const { database, identity } = this.#options;
    identity.authorize(actor, 'feed:write');
    const before = await readSetting(database, 'publicFeeds');
    await writeSetting(database, 'publicFeeds', answer);
    for (const feed of this.#feeds) await this.setEnabled(actor, { id: feed.id, enabled: answer === 'wanted' });
    noteChange({ object: { type: 'setting', id: 'publicFeeds' }, before, after: answer });
  }

  async setEnabled(actor: Actor, { id, enabled }: { id: string; enabled: boolean }): Promise<void> {
    const { database, identity, sources } = this.#options;
    identity.authorize(actor, 'feed:write');
    const feed = this.#find(id);
    const was = (await store.listFeeds(database)).find((row) => row.id === id)?.enabled ?? false;
    if (was === enabled) return;
    this.#outside.forget(feed);
    await store.writeFeed(database, id, { enabled, fault: null, nextAt: enabled ? this.#now() : null });
    if (enabled) {
      await this.readNow(actor, { id });
    } else {
      const open = await store.findOpenRun(database, `feed:${id}`);
      if (open) await this.cancelRun(actor, open.id);
      // Its cameras belong to nobody: whoever may switch the feed may take them from sight.
      await sources.bulk.withholdFeed({ type: 'system' }, id);
    }
    noteChange({ object: { type: 'feed', id }, before: { enabled: was }, after: { enabled } });
  }

  /** One reading of a feed at a time: the open one is the answer. */
  async readNow(
    actor: Actor,
    { id, acceptFewer }: { id: string; acceptFewer?: boolean | undefined },
  ): Promise<{ runId: string }> {
    const { database, identity, events, sealer } = this.#options;
    identity.authorize(actor, 'feed:write');
    this.#find(id);
    const runId = uuidv7();
    const source = `feed:${id}`;
    const open = await inTransaction(database, async (rows) => {
      // The feed's row is the gate that two askers pass one after the other.
      if (!(await store.lockWantedFeed(rows, id)))
        throw new AppError('CONFLICT', { message: `feed ${id} is switched off` });
      const before = await store.findOpenRun(rows, source);
      if (before) return before.id;
      const pending = storedPending({ stage: 'read', acceptFewer: acceptFewer ?? false }, runId, sealer);
      await store.insertRun(rows, {
        id: runId,
        source,
        actorId: actor.type === 'user' ? actor.userId : null,
        pending,
      });
      return null;
    });
    if (open === null) events.publish({ type: 'import.queued', runId });
    noteChange({ object: { type: 'feed', id }, details: { runId: open ?? runId, acceptFewer: acceptFewer ?? false } });
    return { runId: open ?? runId };
  }

  async run(actor: Actor, id: string): Promise<ImportRun> {
    return toImportRun(await this.#findRun(actor, id));
  }

  async runs(
    actor: Actor,
    { cursor, limit }: { cursor?: string | null | undefined; limit: number },
  ): Promise<ImportRunPage> {
    this.#options.identity.authorize(actor, 'feed:write');
    const after = cursor ? decodeCursor(cursor) : null;
    const rows = await store.listRuns(this.#options.database, { after, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return { items: page.map(toImportRun), nextCursor: rows.length > limit && last ? encodeCursor(last) : null };
  }

  /** What it did so far stays. */
  async cancelRun(actor: Actor, id: string): Promise<ImportRun> {
    const { database, sources } = this.#options;
    const run = await this.#findRun(actor, id);
    const at = this.#now();
    if (await store.endRun(database, id, { state: 'cancelled', finishedAt: at })) {
      this.#running.get(id)?.abort();
      const feed = this.#feeds.find((one) => run.source === `feed:${one.id}`);
      // Or it would be due again at once.
      if (feed) await store.writeWantedFeed(database, feed.id, { nextAt: nextAfter(feed, at, { ok: false }) });
      sources.bulk.announce(run.source, run.done);
      noteChange({ object: { type: 'importRun', id }, before: { state: run.state }, after: { state: 'cancelled' } });
    }
    return this.run(actor, id);
  }

  /** Every line that was left out, and why; who asks says it in words. */
  async report(actor: Actor, id: string): Promise<RejectedRow[]> {
    return rejectedOf(await this.#findRun(actor, id));
  }

  online(actor: Actor): Promise<boolean> {
    this.#options.identity.authorize(actor, 'feed:write');
    return this.#outside.online(this.#feeds);
  }

  /** Names of feeds of which nothing good was read for three intervals. */
  async staleFeeds(): Promise<string[]> {
    const rows = new Map((await store.listFeeds(this.#options.database)).map((row) => [row.id, row]));
    return this.#feeds.flatMap((feed) => {
      const row = rows.get(feed.id);
      return row && isStale(feed, row, this.#now()) ? [feed.name] : [];
    });
  }

  /** Streams of a feed that may be read at once, where its publisher's terms bound them. */
  feedLimits(): ReadonlyMap<string, number> {
    return new Map(this.#feeds.flatMap(({ id, concurrentMax }) => (concurrentMax ? [[id, concurrentMax]] : [])));
  }

  /** Queues the reading of each wanted feed whose time has come. */
  async queueDue(): Promise<void> {
    const now = this.#now();
    for (const { id, enabled, nextAt } of await store.listFeeds(this.#options.database)) {
      const isDue = enabled && (nextAt === null || nextAt <= now) && this.#feeds.some((feed) => feed.id === id);
      if (isDue) await this.readNow({ type: 'system' }, { id });
    }
  }

  /** Runs that wait, or that somebody works on or died working on. */
  openRuns(): Promise<{ id: string; source: string; state: string; done: number }[]> {
    return store.listOpenRuns(this.#options.database);
  }

  /** Does a run from where it stands; ends early, to be taken up again, when `signal` says so. */
  async perform(runId: string, signal: AbortSignal): Promise<void> {
    if (this.#running.has(runId)) return;
    const controller = new AbortController();
    this.#running.set(runId, controller);
    try {
      await this.#runner.perform(runId, AbortSignal.any([signal, controller.signal]));
    } finally {
      this.#running.delete(runId);
    }
  }

  close(): Promise<void> {
    return this.#outside.close();
  }

  #find(id: string): Feed {
    const feed = this.#feeds.find((one) => one.id === id);
    if (!feed) throw new AppError('NOT_FOUND', { message: `no feed ${id}` });
    return feed;
  }

  async #findRun(actor: Actor, id: string): Promise<store.RunRow> {
    this.#options.identity.authorize(actor, 'feed:write');
    const run = await store.findRun(this.#options.database, id);
    if (!run) throw new AppError('NOT_FOUND', { message: `no import run ${id}` });
    return run;
  }
}
