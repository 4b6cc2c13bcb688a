import { streamId, type StreamId } from '#server/contracts/ids.ts';
import type { MediaState } from '#server/contracts/media-state.ts';
import type { FromSidecar } from '#server/contracts/sidecar.ts';
import type { Logger } from '#server/platform/log.ts';
import type { Database } from '#server/platform/transaction.ts';

import type { Endings } from './endings.ts';
import type { KeptLogs } from './kept-logs.ts';
import type { LinkedNode, NodeLinks } from './node-links.ts';
import type { SourceBook } from './source-book.ts';
import type { StateKeeper } from './state-keeper.ts';
import * as store from './store.ts';
import type { Wishes } from './wishes.ts';

/** All that a node says once it is linked; segments go elsewhere. */
export type NodeReport = Exclude<FromSidecar, { type: 'hello' | 'segments' }>;

interface Options {
  database: Database;
  log: Logger;
  links: NodeLinks;
  book: SourceBook;
  kept: KeptLogs;
  states: StateKeeper;
  endings: Endings;
  wishes: Wishes;
  /** A pass soon: somebody wants what nobody reads. */
  pass: () => void;
}

/** What linked nodes tell, to who keeps it. */
export class NodeReports {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Throws when the database is away: the next report makes up for it. */
  async take(node: LinkedNode, report: NodeReport): Promise<void> {
    const { links, database } = this.#options;
    switch (report.type) {
      case 'heartbeat':
        return links.beat(node, report.health, report.disk);
      case 'want':
        return this.#want([report.streamId]);
      case 'states':
        return this.#measured(node, report.states);
      case 'sequences':
        return store.raiseSequences(
          database,
          report.sequences.filter((entry) => this.#keeps(node, entry.streamId)),
        );
      case 'diagnosed':
        return links.diagnosed(report.requestId, report.report);
      case 'discovered':
        return links.discovered(report.requestId, report.answer);
      case 'looked':
        return links.looked(report.requestId, report.report);
      case 'source':
        return this.#source(report);
    }
  }

  /** How reading a source goes, for its slicer: it says why there is no picture. */
  #source(report: Extract<NodeReport, { type: 'source' }>): void {
    const { links, kept, log } = this.#options;
    const { streamId: id, fault, message } = report;
    const level = report.state === 'failed' ? 'warn' : 'info';
    log[level]({ action: `source.${report.state}`, streamId: id, fault, attempt: report.attempt }, message);
    const keeper = kept.nodeOf(id);
    if (keeper) links.get(keeper)?.send({ type: 'sourceState', streamId: id, fault, message });
  }

  #keeps(node: LinkedNode, id: string): boolean {
    return this.#options.kept.nodeOf(streamId.parse(id)) === node.hello.node;
  }

  async #measured(node: LinkedNode, states: readonly MediaState[]): Promise<void> {
    // A slicer that slept through a takeover must not speak for its successor.
    const own = states.filter((state) => this.#keeps(node, state.streamId));
    for (const state of own) {
      this.#options.states.measured(state);
      this.#options.endings.measured(state);
    }
    await this.#want(own.filter((state) => state.viewers > 0).map((state) => streamId.parse(state.streamId)));
  }

  async #want(streamIds: readonly StreamId[]): Promise<void> {
    const onDemand = streamIds.filter((id) => this.#options.book.get(id)?.policy.onDemand ?? true);
    if (await this.#options.wishes.note(onDemand)) this.#options.pass();
  }
}
