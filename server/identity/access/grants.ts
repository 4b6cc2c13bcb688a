import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';

import type { grantInput } from '#server/contracts/access.ts';
import type { Actor, ObjectReference } from '#server/contracts/identity.ts';
import { userId } from '#server/contracts/ids.ts';
import { AppError } from '#server/platform/app-error.ts';
import { noteChange } from '#server/platform/change-note.ts';
import type { Events } from '#server/platform/events.ts';
import { inTransaction, takeTurn, type Database, type Rows } from '#server/platform/transaction.ts';

import type { ActivityService } from '../activity/service.ts';
import { permissionsOf } from '../actor-of.ts';
import { countOtherOwners } from '../people/store.ts';
import { lockOwnerClaims } from '../store.ts';
import { mustHold } from './roles.ts';
import { authorize } from './standing.ts';
import * as store from './store.ts';

type GrantInput = z.infer<typeof grantInput>;

/** Of one person: all of them are read with each of their sessions. Who needs more things than that holds a role for everything. */
const heldMax = 500;

/** Whether there is such a thing; a type that is left out can't be granted for. */
export type ObjectTypes = Readonly<Record<string, (id: string) => Promise<boolean>>>;

interface Options {
  database: Database;
  events: Events;
  activity: Pick<ActivityService, 'tell'>;
  objectTypes: ObjectTypes;
}

/** Who holds which role. Nobody gives or takes more than they hold, only owners make and unmake owners, and one of them stays. */
export class Grants {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  async give(actor: Actor, { userId: id, roleId, object }: GrantInput): Promise<void> {
    authorize(actor, 'role:admin');
    const { database, events, activity } = this.#options;
    const role = await store.findRole(database, roleId);
    if (!role) throw new AppError('NOT_FOUND', { message: `no role ${roleId}` });
    mustGovern(actor, { roleId, object, permissions: role.permissions });
    if (object) await this.#mustExist(object);
    await inTransaction(database, async (rows) => {
      if (!(await store.findUser(rows, id, new Date())))
        throw new AppError('NOT_FOUND', { message: `no person ${id}` });
      await takeTurn(rows, `roles of ${id}`);
      if ((await store.countHeldBy(rows, id)) >= heldMax)
        throw new AppError('CONFLICT', {
          message: `a person holds ${heldMax} roles at most`,
          details: { reason: 'tooMany', max: heldMax },
        });
      const held = { id: uuidv7(), userId: id, roleId, object, grantedBy: actor.userId };
      if (!(await store.insertHeld(rows, held)))
        throw new AppError('CONFLICT', {
          message: `${id} holds ${roleId} already`,
          details: { reason: 'heldAlready' },
        });
      await activity.tell(rows, { userId: id, kind: 'role.given', data: { roleId, object } });
    });
    events.publish({ type: 'user.changed', userId: id });
    noteChange({ object: { type: 'user', id }, after: { role: roleId, for: object } });
  }

  async take(actor: Actor, { userId: id, heldId }: { userId: string; heldId: string }): Promise<void> {
    authorize(actor, 'role:admin');
    const { database, events, activity } = this.#options;
    const taken = await inTransaction(database, async (rows) => {
      const held = await store.findHeld(rows, heldId);
      if (held?.userId !== id) throw new AppError('NOT_FOUND', { message: `${id} holds nothing called ${heldId}` });
      const object = objectOf(held);
      mustGovern(actor, { roleId: held.roleId, object, permissions: held.role.permissions });
      if (held.roleId === 'owner') await mustLeaveAnOwner(rows, id);
      if (!(await store.deleteHeld(rows, heldId)))
        throw new AppError('NOT_FOUND', { message: `${id} holds nothing called ${heldId}` });
      await activity.tell(rows, { userId: id, kind: 'role.taken', data: { roleId: held.roleId, object } });
      return { role: held.roleId, for: object };
    });
    events.publish({ type: 'user.changed', userId: userId.parse(id) });
    noteChange({ object: { type: 'user', id }, before: taken });
  }

  async #mustExist({ type, id }: ObjectReference): Promise<void> {
    const exists = Object.hasOwn(this.#options.objectTypes, type) ? this.#options.objectTypes[type] : undefined;
    if (!exists)
      throw new AppError('BAD_REQUEST', { message: `no roles are given for a ${type}`, details: { field: 'object' } });
    if (!(await exists(id)))
      throw new AppError('NOT_FOUND', { message: `no ${type} ${id}`, details: { field: 'object' } });
  }
}

/** Throws where the house would be left without an owner who can sign in. In the transaction of what takes one away. */
export async function mustLeaveAnOwner(rows: Rows, leaving: string): Promise<void> {
  // Owners go one after the other, so that the last two can't go side by side.
  await lockOwnerClaims(rows);
  if ((await countOtherOwners(rows, leaving)) === 0)
    throw new AppError('CONFLICT', { message: 'the last owner stays', details: { reason: 'lastOwner' } });
}

function mustGovern(
  actor: Actor,
  { roleId, object, permissions }: { roleId: string; object: ObjectReference | null; permissions: string[] },
): void {
  if (roleId === 'owner') {
    if (object) throw new AppError('BAD_REQUEST', { message: 'owners own everything', details: { field: 'object' } });
    if (actor.type !== 'user' || !actor.isOwner)
      throw new AppError('FORBIDDEN', { message: 'only an owner makes owners', details: { reason: 'ownersOnly' } });
  }
  mustHold(actor, permissionsOf(roleId, permissions), object);
}

export function objectOf(held: Pick<store.HeldRow, 'objectType' | 'objectId'>): ObjectReference | null {
  return held.objectType !== null && held.objectId !== null ? { type: held.objectType, id: held.objectId } : null;
}
