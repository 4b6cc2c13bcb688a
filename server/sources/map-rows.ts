import { visibility, type CameraView } from '#server/contracts/camera.ts';
import type { Actor } from '#server/contracts/identity.ts';
import type { IdentityService } from '#server/identity/service.ts';
import { readSetting } from '#server/platform/settings.ts';
import type { Database } from '#server/platform/transaction.ts';

import { countryAt } from './camera-defaults.ts';
import { toCameraView } from './camera-view.ts';
import * as store from './store.ts';

/** A camera as the map and its search need it. */
export interface MapRow extends Omit<store.MapShape, 'stream'> {
  state: string;
}

/** All cameras that are shown to somebody, for the map: who may see which is the caller's to ask. */
export class MapRows {
  readonly #database: Database;
  readonly #identity: Pick<IdentityService, 'isAllowed'>;

  constructor(options: { database: Database; identity: Pick<IdentityService, 'isAllowed'> }) {
    this.#database = options.database;
    this.#identity = options.identity;
  }

  /** Those after `after` in the order of ids. */
  async page(after: string | null, limit: number): Promise<MapRow[]> {
    const where = { after, limit, demo: await this.#demoShown() };
    return (await store.listMapPage(this.#database, where)).map(toMapRow);
  }

  /** Those of the ids that are still shown. */
  async some(ids: readonly string[]): Promise<MapRow[]> {
    return (await store.listMapRows(this.#database, { ids, demo: await this.#demoShown() })).map(toMapRow);
  }

  /** Those that `actor` may see, in the order asked for. */
  async views(actor: Actor, ids: readonly string[]): Promise<CameraView[]> {
    const rows = await store.listStanding(this.#database, { ids, demo: await this.#demoShown() });
    const seen = rows.filter((row) => {
      const subject = {
        type: 'camera',
        id: row.id,
        ownerId: row.ownerId,
        visibility: visibility.parse(row.visibility),
      };
      const may = (word: 'camera:view' | 'camera:write') => this.#identity.isAllowed(actor, word, subject);
      return may('camera:view') || may('camera:write');
    });
    const views = new Map(seen.map((row) => [row.id, toCameraView(row)]));
    return ids.flatMap((id) => views.get(id) ?? []);
  }

  #demoShown(): Promise<boolean> {
    return readSetting(this.#database, 'demoCamerasShown');
  }
}

/** Rows older than the column have no country yet. */
function toMapRow({ stream, ...row }: store.MapShape): MapRow {
  return { ...row, country: row.country ?? countryAt(row.latitude, row.longitude), state: stream.state };
}
