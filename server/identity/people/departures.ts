import type { z } from 'zod';

import { accountExport, type AccountExport, type deleteAccountInput } from '#server/contracts/account.ts';
import type { UserActor } from '#server/contracts/identity.ts';
import { AppError } from '#server/platform/app-error.ts';
import { noteChange } from '#server/platform/change-note.ts';
import type { Events } from '#server/platform/events.ts';
import { inTransaction, type Database } from '#server/platform/transaction.ts';

import { mustLeaveAnOwner } from '../access/grants.ts';
import { isOwner } from '../access/standing.ts';
import { collect } from '../export/store.ts';
import { tellEnded } from './endings.ts';
import type { Letters } from './letters.ts';
import type { Pictures } from './pictures.ts';
import { accountIsGone, type Profiles } from './profiles.ts';
import { assertOwnHands, type RequireProof } from './proofs.ts';
import { normalEmail } from './sign-ups.ts';
import * as store from './store.ts';

const limits = { auditEntries: 10_000, activity: 500, cameras: 10_000 };

interface Options {
  database: Database;
  events: Events;
  letters: Letters;
  requireProof: RequireProof;
  profiles: Profiles;
  pictures: Pictures;
  now: () => Date;
}

/** What a person takes along, and how they go. */
export class Departures {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** All that is kept about the person, without secrets. */
  async export(actor: UserActor): Promise<AccountExport> {
    assertOwnHands(actor);
    const { database, now, profiles } = this.#options;
    const profile = await profiles.get(actor);
    const found = await collect(database, actor.userId, limits);
    const whole = {
      ...found,
      exportedAt: now(),
      limits,
      profile,
      roles: found.roles.map(({ roleId, objectType, objectId, createdAt }) => ({
        roleId,
        object: referenceOf(objectType, objectId),
        grantedAt: createdAt,
      })),
      audit: found.audit.map(({ at, actorId, action, outcome, ip, userAgent, objectType, objectId }) => ({
        at,
        action,
        outcome,
        // Where others came from is theirs.
        ip: actorId === actor.userId ? ip : null,
        userAgent: actorId === actor.userId ? userAgent : null,
        object: referenceOf(objectType, objectId),
      })),
    };
    // Times as JSON writes them, and nothing that the contract does not name.
    return accountExport.parse(JSON.parse(JSON.stringify(whole)));
  }

  /** At once and for good. Cameras stay, without an owner; the audit log keeps id and name. */
  async delete(
    actor: UserActor,
    { email, proof }: z.infer<typeof deleteAccountInput>,
    from: { ip: string | null },
  ): Promise<void> {
    const { database, events, letters, now, pictures, requireProof } = this.#options;
    assertOwnHands(actor);
    await requireProof(actor, proof, from);
    const at = now();
    const { person, credentials } = await inTransaction(database, async (rows) => {
      const found = await store.lockPerson(rows, actor.userId);
      if (!found) throw accountIsGone();
      if (normalEmail(email) !== found.email)
        throw new AppError('BAD_REQUEST', {
          message: 'this is not the address of the account',
          details: { reason: 'otherAddress', fields: [{ path: 'email', message: 'this is not the address' }] },
        });
      if (isOwner(found)) await mustLeaveAnOwner(rows, actor.userId);
      const open = await store.listCredentials(rows, actor.userId);
      await letters.send(rows, found, { kind: 'accountDeleted', at });
      await store.deletePerson(rows, actor.userId);
      return { person: found, credentials: open };
    });
    noteChange({ object: { type: 'user', id: actor.userId }, before: { name: person.name } });
    const { sessions, keys, tokens } = credentials;
    const idsOf = (opened: { id: string }[]) => opened.map(({ id }) => id);
    tellEnded(events, actor.userId, { sessions: idsOf(sessions), keys: idsOf(keys), families: idsOf(tokens) });
    if (person.picture !== null) await pictures.remove(person.picture);
  }
}

function referenceOf(type: string | null, id: string | null) {
  return type !== null && id !== null ? { type, id } : null;
}
