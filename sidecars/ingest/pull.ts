import { setTimeout as sleep } from 'node:timers/promises';

import { ExponentialBackoff } from 'cockatiel';
import type { Logger } from 'pino';

import type { IngestAssignment } from '#server/contracts/sidecar.ts';

import type { CellCounters, PullEnding, SourceReport } from './cell-protocol.ts';
import { OutageSlate } from './slate/outage-slate.ts';
import { readSource, type OpenSourceBy, type ReadingEnd } from './source-reading.ts';
import { monotonicUtcUs, type OpenSource, type SourceEvent } from './source.ts';
import { Uplink, type UplinkOptions } from './uplink.ts';

/** What a pull needs of the packager. */
export interface PullPackager {
  onEvent: (event: SourceEvent) => void;
  /** Some times a second. */
  tick: (nowUs: number) => void;
  /** The next `tracks` event begins a new run. */
  reconnect: () => void;
  /** As `reconnect`, and what follows is made here. */
  slate?: () => void;
  /** Where a tfdt of the picture lies on the source's own time line; null where that cannot be told. */
  pictureStampAt?: (tfdt: number) => number | null;
  end: (reason: string, graceMs: number) => void;
}

export interface PullOptions {
  assignment: IngestAssignment;
  openSource: OpenSourceBy;
  createPackager: (options: { epochMs: number; firstRun: number; emit: (record: Buffer) => void }) => PullPackager;
  report: (report: SourceReport) => void;
  /** The pull has stopped by itself; it still wants `release`. */
  onFenced: (epoch: number) => void;
  /** A source did not close within its deadline: something of it is still in this process. */
  onLeak: () => void;
  log: Logger;
  bounds?: UplinkOptions['bounds'];
}

/** What the gateway lets go here, another node may take up. */
const releaseGraceMs = 60_000;
const drainMsMax = 2000;
const tickEveryMs = 250;

const backoffMsMin = 500;
const sourceBackoff = new ExponentialBackoff({ initialDelay: backoffMsMin, maxDelay: 30_000 });
/** After so long a time of health the next fault is a new one. */
const healthyAfterMs = 30_000;
/** A wrong password is tried again all the same, so that a corrected camera comes back by itself, but not so often that it locks us out. */
const hopelessWaitMs = 60_000;

/** The life of one source inside a cell: open → packager → uplink, watched, reopened with back-off until it is released. */
export class Pull {
  readonly #options: PullOptions;
  readonly #stopping = new AbortController();
  readonly #ended: Promise<void>;
  readonly #writable = Promise.withResolvers<void>();
  #assignment: IngestAssignment;
  #uplink: Uplink;
  /** The uplink that said hello: records go there. */
  #target: Uplink | null = null;
  #packager: PullPackager | null = null;
  /** What the open source last said of its tracks. */
  #tracks: SourceEvent | null = null;
  #open: OpenSource | null = null;
  /** Stands in for a source that is away, where the stream has a grace. */
  #slate: OutageSlate | null = null;
  #awaySinceMs: number | null = null;
  #sourceReconnects = 0;
  #retired = { droppedRecords: 0, reconnects: 0 };

  constructor(options: PullOptions) {
    this.#options = options;
    this.#assignment = options.assignment;
    this.#uplink = this.#openUplink();
    this.#ended = this.#keepSource();
  }

  get counters(): CellCounters {
    const { droppedRecords, reconnects, unacknowledgedBytes } = this.#uplink.counters;
    return {
      droppedRecords: this.#retired.droppedRecords + droppedRecords,
      reconnects: this.#retired.reconnects + reconnects + this.#sourceReconnects,
      unacknowledgedBytes,
    };
  }

  /** The same source under a newer lease: another epoch, token or home of the log, or where its next picture lies. */
  update(assignment: IngestAssignment): void {
    if (this.#stopping.signal.aborted || assignment.epoch < this.#assignment.epoch) return;
    const hasNewEpoch = assignment.epoch > this.#assignment.epoch;
    this.#assignment = assignment;
    if (!hasNewEpoch) return this.#uplink.renew(assignment);
    const old = this.#uplink;
    const { droppedRecords, reconnects } = old.counters;
    this.#retired.droppedRecords += droppedRecords;
    this.#retired.reconnects += reconnects + 1;
    void old.close(0);
    this.#uplink = this.#openUplink();
  }

  /** Lets the source go, writes END when it is over, waits ≤ 2 s for the log. May be called twice. */
  async release(ending: PullEnding): Promise<void> {
    this.#stopping.abort();
    await this.#ended;
    if (ending === 'end' && this.#target === this.#uplink) this.#packager?.end('released', releaseGraceMs);
    await this.#uplink.close(drainMsMax);
  }

  #openUplink(): Uplink {
    const { log, bounds } = this.#options;
    const { epoch, logUrl, leaseToken } = this.#assignment;
    const uplink = new Uplink({
      logUrl,
      leaseToken,
      log: log.child({ epoch }),
      onFenced: () => {
        if (uplink !== this.#uplink) return;
        this.#stopping.abort();
        this.#options.onFenced(epoch);
      },
      onKeyFrameWanted: (cutAt) => {
        const from = cutAt === null ? null : (this.#packager?.pictureStampAt?.(cutAt) ?? null);
        const isMade = this.#open?.demandKeyFrame?.(from) ?? false;
        const text = isMade ? 'the encoder is asked' : 'the source has no encoder';
        log.debug({ action: 'keyframe.wanted', cutAt, isMade }, text);
      },
      onStopWanted: () => {
        if (uplink !== this.#uplink) return;
        log.warn({ action: 'uplink.stop', epoch }, 'the log wants nothing more in this epoch');
        this.#stopping.abort();
        this.#options.onFenced(epoch);
      },
      ...(bounds && { bounds }),
    });
    void this.#adopt(uplink);
    return uplink;
  }

  /** Once a line of this epoch stands records go there. The log takes (epoch, run) together, so a packager goes on counting its runs. */
  async #adopt(uplink: Uplink): Promise<void> {
    const hello = await uplink.opened;
    if (!hello || uplink !== this.#uplink) return;
    this.#target = uplink;
    if (this.#packager) {
      // The source goes on being read: a packager that begins anew is told once more what it reads.
      if (this.#slate?.isRunning) return this.#slate.announce();
      this.#packager.reconnect();
      if (this.#tracks) this.#packager.onEvent(this.#tracks);
      return;
    }
    this.#packager = this.#options.createPackager({
      epochMs: this.#assignment.epochMs,
      firstRun: hello.lastRun + 1,
      emit: (record) => this.#target?.push(record),
    });
    this.#writable.resolve();
  }

  async #keepSource(): Promise<void> {
    const { signal } = this.#stopping;
    this.#report({ state: 'starting', fault: null, message: 'opening', attempt: 0, retryInMs: null });
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    await Promise.race([this.#writable.promise, stopped]);
    const ticking = setInterval(() => this.#tick(), tickEveryMs);
    let backoff = sourceBackoff.next();
    let attempt = 0;
    while (!signal.aborted) {
      const { error, healthyMs, tracks } = await this.#readOnce(attempt);
      if (!error || signal.aborted) break;
      this.#beginOutage(tracks);
      this.#sourceReconnects += 1;
      if (healthyMs >= healthyAfterMs) {
        backoff = sourceBackoff.next();
        attempt = 0;
      }
      attempt += 1;
      // Decorrelated jitter falls below its beginning at times.
      const waitMs = error.retry
        ? Math.max(backoffMsMin, backoff.duration)
        : hopelessWaitMs * (0.9 + 0.2 * Math.random());
      const retryInMs = Math.round(waitMs);
      backoff = backoff.next(undefined);
      const state = error.retry ? 'reconnecting' : 'failed';
      this.#report({ state, fault: error.code, message: error.message, attempt, retryInMs });
      await sleep(retryInMs, undefined, { signal }).catch(() => {
        // Released: the loop's head ends it.
      });
    }
    clearInterval(ticking);
    this.#slate?.end();
  }

  #tick(): void {
    this.#packager?.tick(monotonicUtcUs());
    this.#uplink.flush();
    const { graceMs } = this.#assignment;
    const awayMs = this.#awaySinceMs === null ? 0 : performance.now() - this.#awaySinceMs;
    if (!this.#slate?.isRunning || typeof graceMs !== 'number' || awayMs < graceMs) return;
    this.#slate.end();
    this.#packager?.end('the source did not come back in time', 0);
  }

  /** `tracks`: of the source that went; null where it had not come. */
  #beginOutage(tracks: SourceEvent | null): void {
    if (this.#slate?.isRunning) return;
    this.#packager?.reconnect();
    if (tracks?.type !== 'tracks' || !this.#packager || typeof this.#assignment.graceMs !== 'number') return;
    this.#awaySinceMs = performance.now();
    this.#slate = new OutageSlate(this.#packager);
    this.#slate.begin(tracks.tracks);
  }

  /** The source speaks again: what it says begins a run of its own. */
  #endOutage(): void {
    if (!this.#slate?.isRunning) return;
    this.#slate.end();
    this.#awaySinceMs = null;
    this.#packager?.reconnect();
  }

  /** One opening of the source; `tracks`: what it last said of them. */
  async #readOnce(attempt: number): Promise<ReadingEnd & { tracks: SourceEvent | null }> {
    const { openSource, onLeak, log } = this.#options;
    const end = await readSource({
      source: this.#assignment.source,
      openSource,
      addressNow: () => this.#assignment.source.address,
      sink: (event) => this.#onEvent(event),
      onOpen: (open) => {
        this.#open = open;
      },
      onFirstUnit: () =>
        this.#report({ state: 'connected', fault: null, message: 'reading', attempt, retryInMs: null }),
      onLeak,
      signal: this.#stopping.signal,
      log,
    });
    const tracks = this.#tracks;
    this.#tracks = null;
    this.#open = null;
    return { ...end, tracks };
  }

  #onEvent(event: SourceEvent): void {
    if (event.type === 'tracks') {
      this.#tracks = event;
      this.#endOutage();
    }
    this.#packager?.onEvent(event);
  }

  #report(change: Omit<SourceReport, 'type' | 'streamId'>): void {
    const { fault, message, state, attempt, retryInMs } = change;
    this.#options.log[fault ? 'warn' : 'info']({ action: `source.${state}`, fault, attempt, retryInMs }, message);
    this.#options.report({ type: 'source', streamId: this.#assignment.streamId, ...change });
  }
}
