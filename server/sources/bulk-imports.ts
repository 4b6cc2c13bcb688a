import type { CameraForOwner, CameraInput } from '#server/contracts/camera.ts';
import type { RejectReason } from '#server/contracts/feeds.ts';
import type { Actor } from '#server/contracts/identity.ts';
import type { IdentityService } from '#server/identity/service.ts';
import type { Events } from '#server/platform/events.ts';
import type { Sealer } from '#server/platform/sealed.ts';
import { inTransaction, type Database, type Rows } from '#server/platform/transaction.ts';

import { AddressRefused, checkAddress } from './address.ts';
import * as bulkStore from './bulk-store.ts';
import { applyBatch, type ImportBatch, type ImportCounts } from './bulk.ts';
import { toCameraForOwner } from './camera-view.ts';
import * as store from './store.ts';

const exportPageLength = 1000;

interface Options {
  database: Database;
  events: Events;
  sealer: Sealer;
  identity: Pick<IdentityService, 'authorize'>;
  now: () => Date;
}

/** Whole lists of cameras: written a batch at a time, told of once. */
export class BulkImports {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * Makes a part of a list true: all of it or nothing, together with what `alongside` writes. Tells nobody: `announce` does, once for the whole
   * list.
   */
  async apply(
    actor: Actor,
    { alongside, ...batch }: ImportBatch & { alongside?: (rows: Rows, counts: ImportCounts) => Promise<void> },
  ): Promise<ImportCounts> {
    const { identity, database, sealer, now } = this.#options;
    identity.authorize(actor, 'camera:write');
    return inTransaction(database, async (rows) => {
      const counts = await applyBatch(rows, batch, { sealer, now: now() });
      await alongside?.(rows, counts);
      return counts;
    });
  }

  /** Shows those cameras of a feed to nobody whose origin begins with `scope` and is not `listed`; returns how many. */
  async withholdUnlisted(
    actor: Actor,
    part: { feed: string; scope: string; listed: readonly string[] },
  ): Promise<number> {
    this.#options.identity.authorize(actor, 'camera:write');
    return bulkStore.withholdUnlisted(this.#options.database, { ...part, at: this.#options.now() });
  }

  /** Shows none of a feed's cameras until it is read again. */
  async withholdFeed(actor: Actor, feed: string): Promise<void> {
    this.#options.identity.authorize(actor, 'camera:write');
    const count = await bulkStore.withholdAll(this.#options.database, { feed, at: this.#options.now() });
    this.announce(`feed:${feed}`, count);
  }

  announce(source: string, count: number): void {
    if (count > 0) this.#options.events.publish({ type: 'cameras.imported', source, count });
  }

  /** How many cameras of each feed are shown; of those alone whose origin begins with `scope`. */
  shown(scope: { feed: string; scope: string } | null = null): Promise<Map<string, number>> {
    return bulkStore.countShown(this.#options.database, scope);
  }

  /** What is wrong with the address of a camera that is to be added; never repeats it. */
  addressFault(camera: Pick<CameraInput, 'kind' | 'address'>): RejectReason | null {
    try {
      checkAddress(camera.kind, camera.address);
      return null;
    } catch (error) {
      if (error instanceof AddressRefused) return error.reason;
      throw error;
    }
  }

  /** Every camera that `actor` may change, without credentials. */
  async *all(actor: Actor): AsyncGenerator<CameraForOwner> {
    this.#options.identity.authorize(actor, 'camera:write');
    const everything = {
      words: [],
      states: null,
      kinds: null,
      seen: null,
    };
    let after: store.CameraPosition | null = null;
    do {
      const page: store.CameraRow[] = await store.listCameras(this.#options.database, everything, {
        after,
        limit: exportPageLength,
      });
      yield* page.map(toCameraForOwner);
      after = page.length === exportPageLength ? (page.at(-1) ?? null) : null;
    } while (after);
  }
}
