import type { HouseSettings } from '#server/contracts/access.ts';
import type { Actor } from '#server/contracts/identity.ts';
import { AppError } from '#server/platform/app-error.ts';
import { noteChange } from '#server/platform/change-note.ts';
import type { Events } from '#server/platform/events.ts';
import { readSetting, writeSetting } from '#server/platform/settings.ts';
import { inTransaction, type Database, type Rows } from '#server/platform/transaction.ts';

import { permissionsOf } from '../actor-of.ts';
import { mustHold } from './roles.ts';
import { authorize } from './standing.ts';
import * as store from './store.ts';

interface Options {
  database: Database;
  events: Events;
}

/** Choices of the operator about people and doors. */
export class HouseSettingsRoom {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  read(actor: Actor): Promise<HouseSettings> {
    authorize(actor, 'settings:write');
    return readAll(this.#options.database);
  }

  /** What `patch` leaves out stays. */
  async update(
    actor: Actor,
    patch: { [Key in keyof HouseSettings]?: HouseSettings[Key] | undefined },
  ): Promise<HouseSettings> {
    authorize(actor, 'settings:write');
    const origins = patch.embedOrigins?.map(originOf);
    const { before, after } = await inTransaction(this.#options.database, async (rows) => {
      const was = await readAll(rows);
      if (patch.signUp !== undefined) await writeSetting(rows, 'signUp', patch.signUp);
      if (patch.signUpRole !== undefined) {
        if (patch.signUpRole !== null) await mustBeGivable(rows, actor, patch.signUpRole);
        await writeSetting(rows, 'signUpRole', patch.signUpRole ?? '');
      }
      if (origins) await writeSetting(rows, 'embedOrigins', [...new Set(origins)]);
      return { before: was, after: await readAll(rows) };
    });
    noteChange({ object: { type: 'setting', id: 'house' }, before, after });
    this.#options.events.publish({ type: 'settings.changed' });
    return after;
  }
}

async function readAll(rows: Rows): Promise<HouseSettings> {
  const [signUp, signUpRole, embedOrigins] = [
    await readSetting(rows, 'signUp'),
    await readSetting(rows, 'signUpRole'),
    await readSetting(rows, 'embedOrigins'),
  ];
  return { signUp, signUpRole: signUpRole === '' ? null : signUpRole, embedOrigins };
}

/** Whoever signs up gets it: not what rules the house, and not more than who chooses it holds. */
async function mustBeGivable(rows: Rows, actor: Actor, id: string): Promise<void> {
  const role = await store.findRole(rows, id);
  if (!role) throw new AppError('BAD_REQUEST', { message: `no role ${id}`, details: { field: 'signUpRole' } });
  const permissions = permissionsOf(id, role.permissions);
  if (permissions.includes('*'))
    throw new AppError('BAD_REQUEST', {
      message: `role ${id} rules the house and is given by hand alone`,
      details: { field: 'signUpRole', reason: 'rules' },
    });
  mustHold(actor, permissions);
}

/** A whole site may frame us or not; a path in an origin would promise what browsers do not keep. */
function originOf(given: string): string {
  const url = new URL(given);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '')
    throw new AppError('BAD_REQUEST', {
      message: `${url.origin} alone is an origin`,
      details: { field: 'embedOrigins', about: url.origin },
    });
  return url.origin;
}
