import type { Logger } from 'pino';

import type { StreamId } from '#server/contracts/ids.ts';
import type { IngestAssignment } from '#server/contracts/sidecar.ts';
import type { Child } from '#server/supervisor/child.ts';

import { CellHandle } from './cell-handle.ts';
import type { FromCell, PullEnding, SourceReport } from './cell-protocol.ts';
import { CellTally } from './cell-tally.ts';
import { holdSource, type HeldSource } from './held-source.ts';
import { chooseCell, Probation, sourcesPerCell, type ProbationOptions } from './placement.ts';
import type { TrustedSources } from './trusted-sources.ts';

export interface CellsOptions {
  /** A child for so many sources, not started. */
  createCell: (options: { name: string; sources: number }) => Child;
  report: (report: SourceReport) => void;
  /** A line of a cell's log, JSON already. */
  writeLine: (text: string) => void;
  log: Logger;
  probation: ProbationOptions;
}

const checkEveryMs = 1000;
/** A pull closes its source in 2 s and drains in 2 s. */
const releaseMsMax = 6000;

/** Places sources in cells and keeps the cells alive: a crash or a freeze costs their sources a reconnect, never more. */
export class Cells {
  readonly #options: CellsOptions;
  readonly #probation: Probation;
  readonly #cells = new Set<CellHandle>();
  readonly #held = new Map<StreamId, HeldSource>();
  /** Epochs in which the log refused us: the gateway may not have heard of it yet. */
  readonly #fencedEpochs = new Map<StreamId, number>();
  readonly #check: NodeJS.Timeout;
  #checkedAtMs = performance.now();
  readonly #tally = new CellTally();
  #names = 0;
  #isClosed = false;

  constructor(options: CellsOptions) {
    this.#options = options;
    this.#probation = new Probation(options.probation);
    this.#check = setInterval(() => this.#killFrozen(), checkEveryMs);
  }

  get streamIds(): StreamId[] {
    return [...this.#held.values()].filter((held) => held.wanted).map((held) => held.streamId);
  }

  get counters(): Record<string, number> {
    return { streams: this.streamIds.length, cells: this.#cells.size, ...this.#tally.sum(this.#cells) };
  }

  get stuck(): string | null {
    return this.#tally.stuck;
  }

  /** Sources that were clean long enough, for the next run of this node. */
  get trusted(): TrustedSources {
    return this.#probation.trusted(performance.now());
  }

  /** The last word of each source, for a gateway that may have forgotten it. */
  get reports(): SourceReport[] {
    return [...this.#held.values()].flatMap((held) => (held.wanted && held.lastReport ? [held.lastReport] : []));
  }

  /** Reads the stream from now on; one that is read takes the newer lease, and moves to a cell of its own when its source changed. */
  assign(assignment: IngestAssignment): void {
    const { streamId, epoch, source } = assignment;
    if (this.#isClosed || epoch <= (this.#fencedEpochs.get(streamId) ?? 0)) return;
    this.#fencedEpochs.delete(streamId);
    const hasChanged = this.#probation.noteSource(streamId, source, performance.now());
    const held = this.#held.get(streamId);
    if (!held) {
      const added = holdSource(assignment);
      this.#held.set(streamId, added);
      return this.#place(added);
    }
    if (epoch < held.assignment.epoch) return;
    held.assignment = assignment;
    held.wanted = true;
    if (held.place.state !== 'placed') return;
    if (hasChanged) this.#leave(held, held.place.cell, 'outage');
    else held.place.cell.tell({ type: 'pull', assignment });
  }

  /** Resolves when nothing reads it any more. */
  async release(streamId: StreamId, ending: PullEnding): Promise<void> {
    const held = this.#held.get(streamId);
    if (!held) return;
    held.wanted = false;
    this.#fencedEpochs.delete(streamId);
    switch (held.place.state) {
      case 'waiting':
        return this.#forget(held);
      case 'placed':
        this.#leave(held, held.place.cell, ending);
        return held.gone.promise;
      case 'leaving':
        return held.gone.promise;
    }
  }

  /** Lets everything go; the streams go on elsewhere. May be called twice. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#check);
    for (const { place } of this.#held.values())
      if (place.state === 'waiting' && place.timer) clearTimeout(place.timer);
    await Promise.all([...this.#cells].map((cell) => cell.stop()));
  }

  #place(held: HeldSource): void {
    if (this.#isClosed) return;
    const { streamId } = held;
    const mayShare = this.#probation.mayShare(streamId, performance.now());
    const shared = mayShare ? chooseCell(this.#cells) : undefined;
    const cell = shared ?? this.#startCell(mayShare ? sourcesPerCell : 1);
    cell.streams.add(streamId);
    held.place = { state: 'placed', cell };
    this.#options.log.info(
      { action: 'cell.placed', streamId, cell: cell.name, sources: cell.streams.size },
      'source placed',
    );
    cell.tell({ type: 'pull', assignment: held.assignment });
  }

  #startCell(capacity: number): CellHandle {
    this.#names += 1;
    const name = `cell-${this.#names}`;
    const { createCell, writeLine, log } = this.#options;
    const cell = new CellHandle({
      name,
      capacity,
      child: createCell({ name, sources: capacity }),
      log,
      writeLine,
      onReady: (ready) => {
        this.#tally.started();
        for (const streamId of ready.streams) {
          const held = this.#held.get(streamId);
          if (held) ready.tell({ type: 'pull', assignment: held.assignment });
        }
      },
      onMessage: (from, message) => this.#onMessage(from, message),
      onGone: (gone, ending) => this.#onGone(gone, ending),
    });
    this.#cells.add(cell);
    return cell;
  }

  #onMessage(cell: CellHandle, message: Exclude<FromCell, { type: 'heartbeat' | 'diagnosed' }>): void {
    const held = this.#held.get(message.streamId);
    if (!held || held.place.state === 'waiting' || held.place.cell !== cell) return;
    switch (message.type) {
      case 'source':
        return this.#onReport(held, cell, message);
      case 'released':
        return this.#onReleased(held, cell);
      case 'fenced':
        return this.#onFenced(held, cell, message.epoch);
    }
  }

  #onReport(held: HeldSource, cell: CellHandle, report: SourceReport): void {
    if (held.place.state !== 'placed') return;
    held.lastReport = report;
    this.#options.report(report);
    // It has lost its source anyway: the moment in which moving to a shared cell costs nothing.
    const hasLostSource = report.state === 'reconnecting' && cell.capacity === 1;
    if (hasLostSource && this.#probation.mayShare(held.streamId, performance.now())) this.#leave(held, cell, 'outage');
  }

  #leave(held: HeldSource, cell: CellHandle, ending: PullEnding): void {
    if (!cell.isReady) return this.#onReleased(held, cell);
    const deadline = setTimeout(() => {
      this.#options.log.error(
        { action: 'cell.holds', cell: cell.name, streamId: held.streamId },
        'the cell does not let the source go',
      );
      cell.kill();
    }, releaseMsMax);
    held.place = { state: 'leaving', cell, deadline };
    cell.tell({ type: 'release', streamId: held.streamId, ending });
  }

  #onReleased(held: HeldSource, cell: CellHandle): void {
    if (held.place.state === 'leaving') clearTimeout(held.place.deadline);
    cell.streams.delete(held.streamId);
    held.place = { state: 'waiting', timer: null };
    if (held.wanted) this.#place(held);
    else this.#forget(held);
    if (cell.streams.size > 0) return;
    void cell.stop();
  }

  #onFenced(held: HeldSource, cell: CellHandle, epoch: number): void {
    this.#fencedEpochs.set(held.streamId, epoch);
    if (held.assignment.epoch <= epoch) held.wanted = false;
    this.#onReleased(held, cell);
  }

  #forget(held: HeldSource): void {
    if (held.place.state === 'waiting' && held.place.timer) clearTimeout(held.place.timer);
    this.#held.delete(held.streamId);
    held.gone.resolve();
  }

  #onGone(cell: CellHandle, { wasAsked, why }: { wasAsked: boolean; why: string }): void {
    this.#cells.delete(cell);
    this.#tally.gone(cell);
    if (!wasAsked) {
      this.#tally.crashed(cell, why);
      this.#options.log.error({ action: 'cell.gone', cell: cell.name, sources: cell.streams.size, why }, 'a cell died');
    }
    for (const streamId of cell.streams) {
      const held = this.#held.get(streamId);
      if (!held || held.place.state === 'waiting' || held.place.cell !== cell) continue;
      if (held.place.state === 'leaving') clearTimeout(held.place.deadline);
      if (held.wanted && !this.#isClosed) this.#placeLater(held, why);
      else this.#forget(held);
    }
    cell.streams.clear();
  }

  #placeLater(held: HeldSource, why: string): void {
    const retryInMs = this.#probation.noteCrash(held.streamId, performance.now());
    held.place = { state: 'waiting', timer: setTimeout(() => this.#place(held), retryInMs) };
    const report: SourceReport = {
      type: 'source',
      streamId: held.streamId,
      state: 'reconnecting',
      fault: 'INTERNAL',
      message: why,
      attempt: 1,
      retryInMs,
    };
    held.lastReport = report;
    this.#options.report(report);
  }

  #killFrozen(): void {
    const nowMs = performance.now();
    const wasAway = nowMs - this.#checkedAtMs > 2 * checkEveryMs;
    this.#checkedAtMs = nowMs;
    // After a stop of our own their heartbeats still lie in the channel.
    for (const cell of this.#cells) cell.killIfFrozen(wasAway);
  }
}
