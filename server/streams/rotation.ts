import { setTimeout as sleep } from 'node:timers/promises';

import type { StreamId } from '#server/contracts/ids.ts';
import type { Logger } from '#server/platform/log.ts';
import type { Database } from '#server/platform/transaction.ts';
import type { SourcesService } from '#server/sources/service.ts';

import { toLookable, type Lookable } from './look-candidate.ts';
import { outcomeOf } from './look-outcome.ts';
import type { LookThumbnails } from './look-thumbnails.ts';
import type { NodeLinks } from './node-links.ts';
import { Budget, dueAtMs, hostGapMs, nextLooks, rotationPeriodMs } from './rotation-plan.ts';
import type { StateKeeper } from './state-keeper.ts';
import * as store from './store.ts';

export interface RotationOptions {
  database: Database;
  sources: Pick<SourcesService, 'streamSource' | 'demoShown'>;
  links: NodeLinks;
  states: StateKeeper;
  thumbnails: LookThumbnails | null;
  log: Logger;
  now: () => Date;
  looksPerMinute: number;
  bytesPerSecond: number;
  feedLimits: ReadonlyMap<string, number>;
  /** Streams of a feed that are being read. */
  readOfFeed: (feed: string) => number;
  /** One gateway of the house looks; people's own wishes any of them fulfils. */
  leads: () => boolean;
}

const tickMs = 250;
const refillEveryMs = 5000;
const refillLength = 300;
const hintsMax = 2000;
const hintForMs = 60_000;
const forgetEveryMs = 60_000;
const countEveryMs = 60_000;
/** A state that no look has confirmed for so many rounds is not known any more. */
const roundsUntilForgotten = 3;
/** Looks that people asked for: each second, and at once. */
const wishesPerSecond = 4;
const wishesMax = 8;
const wishMsMax = 3000;

/** Looks at what nobody reads, one picture at a time and in turn, so that its state is measured; within a budget, and politely to each host. */
export class Rotation {
  readonly #options: RotationOptions;
  #queue = new Map<StreamId, Lookable>();
  readonly #inHand = new Map<StreamId, { candidate: Lookable; done: Promise<void> }>();
  /** Looks in hand whose picture must not be kept: the source has changed meanwhile. */
  readonly #spoiled = new Set<StreamId>();
  readonly #hints = new Map<StreamId, number>();
  readonly #hostAskedAt = new Map<string, number>();
  readonly #looks: Budget;
  readonly #bytes: Budget;
  readonly #wishes: Budget;
  #wishing = 0;
  #refilledAt = -Infinity;
  #forgotAt: number;
  #countedAt = -Infinity;
  #periodMs = rotationPeriodMs(0, 1);
  #ticking: Promise<void> | null = null;

  constructor(options: RotationOptions) {
    this.#options = options;
    const nowMs = options.now().getTime();
    this.#looks = new Budget(options.looksPerMinute / 60, nowMs, 1);
    this.#bytes = new Budget(options.bytesPerSecond, nowMs);
    this.#wishes = new Budget(wishesPerSecond, nowMs);
    this.#forgotAt = nowMs;
  }

  start(): () => Promise<void> {
    const timer = setInterval(() => void this.tick(), tickMs);
    return async () => {
      clearInterval(timer);
      await this.#ticking;
    };
  }

  /** These are in somebody's view: their turn comes first. */
  hint(streamIds: readonly StreamId[]): void {
    const nowMs = this.#options.now().getTime();
    for (const id of streamIds.slice(0, hintsMax)) {
      this.#hints.delete(id);
      this.#hints.set(id, nowMs);
    }
    for (const [id, at] of this.#hints) {
      if (this.#hints.size <= hintsMax && nowMs - at < hintForMs) break;
      this.#hints.delete(id);
    }
  }

  /** What is seen of it from now on is another thing than before. */
  async forget(id: StreamId): Promise<void> {
    this.#queue.delete(id);
    if (this.#inHand.has(id)) this.#spoiled.add(id);
    await this.#options.thumbnails?.forget(id);
  }

  /** One step; a step that is still under way is not begun twice. Resolves when looks are begun, not when they are done. */
  tick(): Promise<void> {
    this.#ticking ??= this.#tick()
      .catch((error: unknown) => {
        // The database is away: the next step tries again.
        this.#options.log.debug({ action: 'rotation.failed', error }, 'the rotation pauses');
      })
      .finally(() => (this.#ticking = null));
    return this.#ticking;
  }

  /** Resolves when no look is in hand. */
  async settled(): Promise<void> {
    await Promise.all([...this.#inHand.values()].map(({ done }) => done));
  }

  /** A picture now, for somebody who waits: at most 3 s, shared by all who ask, and not where one was taken or missed a moment ago. */
  async lookNow(id: StreamId): Promise<void> {
    const deadline = AbortSignal.timeout(wishMsMax);
    const late = new Promise<void>((resolve) => deadline.addEventListener('abort', () => resolve(), { once: true }));
    if (!this.#inHand.has(id) && !(await this.#wish(id, deadline))) return;
    await Promise.race([this.#inHand.get(id)?.done, late]);
  }

  async #wish(id: StreamId, deadline: AbortSignal): Promise<boolean> {
    const { database, now, links } = this.#options;
    if (this.#wishing >= wishesMax || this.#wishes.left(now().getTime()) < 1) return false;
    this.#wishes.take(1, now().getTime());
    this.#wishing += 1;
    try {
      const [row] = await store.findLookable(database, [id], { demoShown: true, publicOnly: false });
      if (!row) return this.#inHand.has(id);
      const candidate = toLookable(row, true);
      // Somebody else's wish may have claimed it meanwhile: that look is waited for.
      if (dueAtMs(candidate, hostGapMs) > now().getTime()) return this.#inHand.has(id);
      // A person waits for the host, not for its gap.
      while (this.#isBusy(candidate) || links.roomForLooks === 0) {
        if (deadline.aborted) return false;
        await sleep(50);
        if (this.#inHand.has(id)) return true;
      }
      if (!this.#inHand.has(id)) this.#begin(candidate);
      return true;
    } finally {
      this.#wishing -= 1;
    }
  }

  async #tick(): Promise<void> {
    const { now, links, leads } = this.#options;
    if (!leads()) return;
    const nowMs = now().getTime();
    await this.#forgetOld(nowMs);
    const looks = this.#bytes.left(nowMs) > 0 ? Math.floor(this.#looks.left(nowMs)) : 0;
    const slots = Math.min(links.roomForLooks, looks);
    if (slots <= 0) return;
    if (nowMs - this.#refilledAt >= refillEveryMs) await this.#refill(nowMs);
    const busyHosts = new Set([...this.#inHand.values()].flatMap(({ candidate }) => candidate.host ?? []));
    const turn = { nowMs, periodMs: this.#periodMs, slots, busyHosts, hostAskedAtMs: this.#hostAskedAt };
    const waiting = [...this.#queue.values()].filter((candidate) => !this.#inHand.has(candidate.streamId));
    for (const { streamId } of nextLooks(waiting, { ...turn, roomOf: (feed) => this.#roomOf(feed) })) {
      const candidate = this.#queue.get(streamId);
      this.#queue.delete(streamId);
      if (candidate) this.#begin(candidate);
    }
  }

  /** Also drops what is not due any more. */
  async #refill(nowMs: number): Promise<void> {
    const { database, sources, looksPerMinute } = this.#options;
    this.#refilledAt = nowMs;
    for (const [host, at] of this.#hostAskedAt) if (nowMs - at > hostGapMs) this.#hostAskedAt.delete(host);
    if (nowMs - this.#countedAt >= countEveryMs) {
      this.#countedAt = nowMs;
      this.#periodMs = rotationPeriodMs(await store.countLookable(database), looksPerMinute);
    }
    const demoShown = await sources.demoShown();
    const hinted = [...this.#hints].filter(([, at]) => nowMs - at < hintForMs).map(([id]) => id);
    const rows = await store.findLookable(database, hinted, { demoShown, publicOnly: true });
    const lookedBefore = new Date(nowMs - this.#periodMs);
    const rest = await store.listLookable(database, { demoShown, lookedBefore, limit: refillLength });
    const found = [...rest.map((row) => toLookable(row, false)), ...rows.map((row) => toLookable(row, true))];
    this.#queue = new Map(found.map((candidate) => [candidate.streamId, candidate]));
  }

  async #forgetOld(nowMs: number): Promise<void> {
    if (nowMs - this.#forgotAt < forgetEveryMs) return;
    this.#forgotAt = nowMs;
    await this.#options.states.forgetOlder(new Date(nowMs - roundsUntilForgotten * this.#periodMs));
  }

  #isBusy({ host, feed }: Lookable): boolean {
    const isAsked = [...this.#inHand.values()].some(({ candidate }) => host !== null && candidate.host === host);
    return isAsked || (feed !== null && this.#roomOf(feed) <= 0);
  }

  /** Looks at cameras of the feed that are under way. */
  ofFeed(feed: string): number {
    return [...this.#inHand.values()].filter(({ candidate }) => candidate.feed === feed).length;
  }

  #roomOf(feed: string): number {
    const most = this.#options.feedLimits.get(feed);
    return most === undefined ? Infinity : most - this.ofFeed(feed) - this.#options.readOfFeed(feed);
  }

  #begin(candidate: Lookable): void {
    const nowMs = this.#options.now().getTime();
    this.#looks.take(1, nowMs);
    if (candidate.host !== null) this.#hostAskedAt.set(candidate.host, nowMs);
    const done = this.#look(candidate)
      .catch((error: unknown) => {
        // It has had its turn; the next one comes.
        this.#options.log.debug({ action: 'look.lost', streamId: candidate.streamId, error }, 'a look came to nothing');
      })
      .finally(() => {
        this.#inHand.delete(candidate.streamId);
        this.#spoiled.delete(candidate.streamId);
      });
    this.#inHand.set(candidate.streamId, { candidate, done });
  }

  async #look({ streamId: id, lookedAt, before, kind, demo, intervalSeconds }: Lookable): Promise<void> {
    const { database, sources, links, states, thumbnails, now } = this.#options;
    const at = now();
    if (!(await store.claimLook(database, id, { before: lookedAt, at }))) return;
    const line = await sources.streamSource(id);
    if (!line?.source || line.hidden || line.deleted) return;
    const report = await links.look(id, line.source);
    this.#bytes.take(report.bytes, now().getTime());
    if (this.#spoiled.has(id)) return;
    const { memory, verdict } = outcomeOf({ at: now(), report, before, source: { kind, demo, intervalSeconds } });
    await store.writeLook(database, id, now(), memory);
    if (verdict) states.looked(id, verdict);
    if (!report.thumbnail) return;
    const capturedAt = report.frameTime ? new Date(report.frameTime) : now();
    await thumbnails?.put(id, Buffer.from(report.thumbnail, 'base64'), capturedAt);
    if (this.#spoiled.has(id)) await thumbnails?.forget(id);
  }
}
