import type { z } from 'zod';

import type { Profile, profilePatch } from '#server/contracts/account.ts';
import type { UserActor } from '#server/contracts/identity.ts';
import { userId as userIdOf } from '#server/contracts/ids.ts';
import { AppError } from '#server/platform/app-error.ts';
import { noteChange } from '#server/platform/change-note.ts';
import type { Events } from '#server/platform/events.ts';
import { inTransaction, type Database } from '#server/platform/transaction.ts';

import { toMe } from '../actor-of.ts';
import type { Pictures } from './pictures.ts';
import { assertOwnHands } from './proofs.ts';
import { userNameTaken } from './sign-ups.ts';
import * as store from './store.ts';

interface Options {
  database: Database;
  events: Events;
  pictures: Pictures;
  now: () => Date;
}

/** What a person says of themself. */
export class Profiles {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  async get(actor: UserActor): Promise<Profile> {
    const { database, now } = this.#options;
    const person = await store.findOwn(database, { id: actor.userId });
    if (!person) throw accountIsGone();
    const { createdAt, passwordHash, passwordSetAt, secondFactor } = person;
    return {
      ...toMe(person),
      createdAt: createdAt.toISOString(),
      hasPassword: passwordHash !== null,
      passwordSetAt: passwordSetAt?.toISOString() ?? null,
      secondFactor: {
        on: secondFactor?.confirmedAt instanceof Date,
        recoveryCodesLeft: await store.countRecoveryCodes(database, actor.userId),
      },
      pendingEmail: await store.findPendingEmail(database, actor.userId, now()),
    };
  }

  async update(actor: UserActor, patch: z.infer<typeof profilePatch>): Promise<Profile> {
    assertOwnHands(actor);
    const { database } = this.#options;
    // Field by field: whatever else a caller sends never reaches the row.
    const { name, userName, locale, timeZone } = patch;
    const changed = {
      ...(name !== undefined && { name }),
      ...(userName !== undefined && { userName }),
      ...(locale !== undefined && { locale }),
      ...(timeZone !== undefined && { timeZone }),
    };
    const { before, after } = await inTransaction(database, async (rows) => {
      const person = await store.lockPerson(rows, actor.userId);
      if (!person) throw accountIsGone();
      if (userName !== undefined && (await store.hasUserName(rows, userName, actor.userId))) throw userNameTaken();
      return { before: shown(person), after: shown(await store.updatePerson(rows, actor.userId, changed)) };
    }).catch((error: unknown) => {
      throw store.isTaken(error) ? userNameTaken() : error;
    });
    noteChange({ object: { type: 'user', id: actor.userId }, before, after });
    this.#tell(actor);
    return this.get(actor);
  }

  async setPicture(actor: UserActor, base64: string): Promise<Profile> {
    assertOwnHands(actor);
    const { pictures } = this.#options;
    const name = await pictures.keep(base64);
    try {
      await this.#changePicture(actor, name);
    } catch (error) {
      await pictures.remove(name);
      throw error;
    }
    return this.get(actor);
  }

  async removePicture(actor: UserActor): Promise<Profile> {
    assertOwnHands(actor);
    await this.#changePicture(actor, null);
    return this.get(actor);
  }

  async #changePicture(actor: UserActor, picture: string | null): Promise<void> {
    const { database, pictures } = this.#options;
    const before = await inTransaction(database, async (rows) => {
      const person = await store.lockPerson(rows, actor.userId);
      if (!person) throw accountIsGone();
      await store.updatePerson(rows, actor.userId, { picture });
      return person.picture;
    });
    noteChange({ object: { type: 'user', id: actor.userId }, before: { picture: before }, after: { picture } });
    this.#tell(actor);
    if (before !== null) await pictures.remove(before);
  }

  #tell({ userId }: UserActor): void {
    this.#options.events.publish({ type: 'user.changed', userId: userIdOf.parse(userId) });
  }
}

export function accountIsGone(): AppError {
  return new AppError('UNAUTHENTICATED', { message: 'the account is gone' });
}

function shown({ name, userName, locale, timeZone }: store.OwnRow) {
  return { name, userName, locale, timeZone };
}
