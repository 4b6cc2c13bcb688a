import { streamId, type StreamId } from '#server/contracts/ids.ts';
import type { Database, Rows } from '#server/platform/transaction.ts';

import type { AssignmentTeller } from './assignment-teller.ts';
import { dutiesByNode, type Assignment } from './assignments.ts';
import type { Endings } from './endings.ts';
import type { KeptLogs } from './kept-logs.ts';
import type { NodeLinks } from './node-links.ts';
import { wantedForMs, type Planner } from './planner.ts';
import type { SourceBook } from './source-book.ts';
import type { StateKeeper } from './state-keeper.ts';
import * as store from './store.ts';

interface Options {
  database: Database;
  clock: (rows: Rows) => Promise<Date>;
  monotonicNow: () => number;
  book: SourceBook;
  endings: Endings;
  planner: Planner;
  kept: KeptLogs;
  links: NodeLinks;
  teller: AssignmentTeller;
  states: StateKeeper;
}

/** One pass: which lines of media take part, who gets them, and telling each node so. */
export class PlacementPass {
  /** Streams that some node reads, as of the last pass. */
  read: ReadonlySet<StreamId> = new Set();
  /** The ingest node that speaks for all where one must. */
  firstIngest: string | null = null;
  /** When the last pass was over, on the monotonic clock. */
  at = -Infinity;
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  async once(): Promise<void> {
    const { database, clock, book, endings, planner, kept, links, states } = this.#options;
    const now = await clock(database);
    const active = await store.listActive(database, new Date(now.getTime() - wantedForMs));
    const wantedAt = new Map(active.map((row) => [streamId.parse(row.id), row.wantedAt]));
    const sources = await endings.apply(database, await book.read([...wantedAt.keys()]));
    const placement = await planner.pass({ sources, wantedAt });
    const { leases, urls, unkept, refused } = placement;
    this.firstIngest = placement.firstIngest;
    this.read = new Set(leases.filter((lease) => lease.role === 'ingest').map((lease) => lease.streamId));
    kept.take(leases, urls);
    const urlOf = (nodeId: string) => links.get(nodeId)?.hello.url ?? urls.get(nodeId) ?? null;
    await this.#tell(dutiesByNode({ sources, leases, urlOf }));
    this.at = this.#options.monotonicNow();
    await states.unkept(unkept);
    if (refused) await states.refused(refused);
  }

  async #tell(duties: ReturnType<typeof dutiesByNode>): Promise<void> {
    const { links, teller, endings, kept } = this.#options;
    const farewell = {
      isErased: (id: StreamId) => endings.isErased(id),
      keptAt: (id: StreamId) => kept.urlOf(id),
    };
    for (const node of links.all())
      await teller.tell(node, duties.get(node.hello.node) ?? new Map<StreamId, Assignment>(), farewell);
  }
}
