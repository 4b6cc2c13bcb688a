import type { z } from 'zod';

import type { roleInput, RoleView } from '#server/contracts/access.ts';
import type { Actor } from '#server/contracts/identity.ts';
import { everybodysPermissions, ownersPermissions, permission as words } from '#server/contracts/permissions.ts';
import { AppError } from '#server/platform/app-error.ts';
import { noteChange } from '#server/platform/change-note.ts';
import type { Events } from '#server/platform/events.ts';
import { readSetting, writeSetting } from '#server/platform/settings.ts';
import { inTransaction, takeTurn, type Database } from '#server/platform/transaction.ts';

import { permissionsOf } from '../actor-of.ts';
import { authorize, holdsAll } from './standing.ts';
import * as store from './store.ts';

type RoleInput = z.infer<typeof roleInput>;

/** Beside the built-in ones. They are listed whole: a matrix of more is read by nobody. */
const madeMax = 200;

interface Options {
  database: Database;
  events: Events;
  objectTypes: readonly string[];
}

/** Roles: the built-in ones, and those that admins make. Nobody puts more into one than they hold themselves. */
export class Roles {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  async list(actor: Actor): Promise<RoleView[]> {
    authorize(actor, 'role:admin');
    const { database } = this.#options;
    const [roles, holders] = await Promise.all([store.listRoles(database), store.countHolders(database)]);
    return roles.map((role) => toRoleView(role, holders.get(role.id) ?? 0));
  }

  /** All there is to choose from. */
  catalogue(actor: Actor) {
    authorize(actor, 'role:admin');
    return {
      permissions: words.options,
      owners: [...ownersPermissions],
      everybodys: [...everybodysPermissions],
      objectTypes: [...this.#options.objectTypes],
    };
  }

  async create(actor: Actor, input: RoleInput): Promise<RoleView> {
    authorize(actor, 'role:admin');
    mustHold(actor, input.permissions);
    const { database } = this.#options;
    const role = valuesOf(input);
    await inTransaction(database, async (rows) => {
      await takeTurn(rows, 'roles');
      if ((await store.countMadeRoles(rows)) >= madeMax)
        throw new AppError('CONFLICT', {
          message: `${madeMax} roles are made here at most`,
          details: { reason: 'tooMany', max: madeMax },
        });
      if (!(await store.insertRole(rows, { id: input.id, ...role })))
        throw new AppError('CONFLICT', { message: `there is a role ${input.id}`, details: { field: 'id' } });
    });
    noteChange({ object: { type: 'role', id: input.id }, after: role });
    return toRoleView({ id: input.id, ...role, builtIn: false }, 0);
  }

  async update(actor: Actor, input: RoleInput): Promise<RoleView> {
    authorize(actor, 'role:admin');
    const { database, events } = this.#options;
    const before = await this.#own(actor, input.id);
    mustHold(actor, input.permissions);
    const role = valuesOf(input);
    await inTransaction(database, async (rows) => {
      if (role.permissions.includes('*') && (await readSetting(rows, 'signUpRole')) === input.id)
        throw new AppError('CONFLICT', {
          message: `whoever signs up gets role ${input.id}: it can not rule the house`,
          details: { reason: 'rules', field: 'permissions' },
        });
      await store.updateRole(rows, input.id, role);
    });
    events.publish({ type: 'roles.changed' });
    noteChange({ object: { type: 'role', id: input.id }, before: valuesOf(before), after: role });
    const holders = await store.countHolders(database);
    return toRoleView({ id: input.id, ...role, builtIn: false }, holders.get(input.id) ?? 0);
  }

  /** Says first how many people would lose it; `evenIfHeld`: the admin knows. */
  async remove(actor: Actor, { id, evenIfHeld }: { id: string; evenIfHeld: boolean }): Promise<{ people: number }> {
    authorize(actor, 'role:admin');
    const { database, events } = this.#options;
    const before = await this.#own(actor, id);
    const people = await inTransaction(database, async (rows) => {
      const held = (await store.countHolders(rows)).get(id) ?? 0;
      if (held > 0 && !evenIfHeld)
        throw new AppError('CONFLICT', {
          message: `${held} people hold role ${id}`,
          details: { reason: 'held', people: held },
        });
      await store.deleteRole(rows, id);
      // Nobody who signs up gets a role that is not there.
      if ((await readSetting(rows, 'signUpRole')) === id) await writeSetting(rows, 'signUpRole', '');
      return held;
    });
    events.publish({ type: 'roles.changed' });
    noteChange({ object: { type: 'role', id }, before: valuesOf(before), details: { people } });
    return { people };
  }

  /** A role that an admin made and that `actor` may change. */
  async #own(actor: Actor, id: string): Promise<store.RoleRow> {
    const role = await store.findRole(this.#options.database, id);
    if (!role) throw new AppError('NOT_FOUND', { message: `no role ${id}` });
    if (role.builtIn)
      throw new AppError('CONFLICT', { message: `role ${id} is built in`, details: { reason: 'builtIn' } });
    mustHold(actor, role.permissions);
    return role;
  }
}

export function mustHold(
  actor: Actor,
  patterns: readonly string[],
  object: Parameters<typeof holdsAll>[2] = null,
): void {
  if (!holdsAll(actor, patterns, object))
    throw new AppError('FORBIDDEN', {
      message: 'nobody gives or takes more than they hold',
      details: { reason: 'moreThanHeld' },
    });
}

function valuesOf({ name, nameJa, permissions }: Pick<RoleInput, 'name' | 'nameJa' | 'permissions'> | store.RoleRow) {
  return { name, nameJa: nameJa ?? null, permissions: [...new Set<string>(permissions)].toSorted() };
}

function toRoleView(role: Omit<store.RoleRow, 'createdAt'>, people: number): RoleView {
  const { id, name, nameJa, builtIn } = role;
  return { id, name, nameJa, permissions: [...permissionsOf(id, role.permissions)], builtIn, people };
}
