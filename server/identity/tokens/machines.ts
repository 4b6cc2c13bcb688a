import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';

import type { UserActor } from '#server/contracts/identity.ts';
import { userId } from '#server/contracts/ids.ts';
import { permissionPattern } from '#server/contracts/permissions.ts';
import type { loginInput, MachineSession, TokenAnswer } from '#server/contracts/tokens.ts';
import { AppError } from '#server/platform/app-error.ts';
import { noteChange } from '#server/platform/change-note.ts';
import type { Events } from '#server/platform/events.ts';
import type { Logger } from '#server/platform/log.ts';
import { inTransaction, type Database } from '#server/platform/transaction.ts';

import type { ActivityService } from '../activity/service.ts';
import type { AuditService } from '../audit/service.ts';
import type { IdentityService } from '../service.ts';
import type { GoodTries } from '../sign-in/store.ts';
import type { AccessTokens } from './access-token.ts';
import { comingFrom, newRefreshToken, refreshDays, rotate, type From } from './refresh-line.ts';
import { sha256 } from './secrets.ts';
import * as store from './store.ts';

/** By then refresh and access tokens of a family that nobody used are over. */
const familyOverDays = refreshDays + 2;

/** Refuses, waits and locks as at the page. `email` may be a user name; `good` is settled by whoever opens something. */
export type CheckPassword = (
  given: { email: string; password: string; code?: string | undefined },
  from: From,
) => Promise<{ userId: string; name: string; good: GoodTries }>;

interface Options {
  database: Database;
  events: Events;
  identity: Pick<IdentityService, 'rememberedActor' | 'personActor'>;
  audit: Pick<AuditService, 'append'>;
  activity: Pick<ActivityService, 'tell'>;
  access: AccessTokens;
  checkPassword: CheckPassword;
  log: Logger;
  now: () => Date;
}

/** Sign-ins of machines by OAuth2: an access token, and refresh tokens that follow each other and work once. */
export class Machines {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  async login(input: z.infer<typeof loginInput>, from: From): Promise<TokenAnswer> {
    const email = input.username ?? input.email;
    if (email === undefined) throw new AppError('BAD_REQUEST', { message: 'username is missing' });
    const scope = readScope(input.scope);
    const { password, code } = input;
    const { userId: id, name, good } = await this.#options.checkPassword({ email, password, code }, from);
    const family = { id: uuidv7(), userId: id, scope };
    const answer = await this.#open(family, { good, from });
    noteChange({ object: { type: 'user', id }, person: { id, name, via: { kind: 'token', id: family.id } } });
    return answer;
  }

  async #open(
    family: Pick<store.FamilyRow, 'id' | 'userId' | 'scope'>,
    { good, from }: { good: GoodTries; from: From },
  ): Promise<TokenAnswer> {
    const { database, now } = this.#options;
    const at = now();
    const { token, row } = newRefreshToken(at);
    const forgetBefore = new Date(at.getTime() - familyOverDays * 86_400_000);
    await store.openFamily(database, { ...family, ...comingFrom(from), at, refresh: row, forgetBefore, good });
    return this.#answer(family, token);
  }

  async refresh(token: string, from: From): Promise<TokenAnswer> {
    const { database, identity, now } = this.#options;
    const tokenHash = sha256(token);
    const known = await store.findRefreshToken(database, tokenHash);
    if (!known) throw refused();
    const credential = { kind: 'token', id: known.familyId } as const;
    // Whoever is locked keeps their token for when they are not.
    if (!(await identity.personActor(known.family.userId, { credential, scope: null }))) throw refused();
    const at = now();
    const outcome = await inTransaction(database, (rows) =>
      rotate(rows, { tokenHash, familyId: known.familyId, at, from }),
    );
    if (!outcome) throw refused();
    if ('reusedOf' in outcome) {
      await this.#endReused(outcome.reusedOf, from);
      throw refused();
    }
    return this.#answer(outcome.family, outcome.refresh);
  }

  /** Who a token's family belongs to; null when it was ended, or its person is locked or gone. */
  async actorOf(familyId: string): Promise<UserActor | null> {
    const { database, identity } = this.#options;
    const credential = { kind: 'token', id: familyId } as const;
    const actor = await identity.rememberedActor(credential, async () => {
      const family = await store.findFamily(database, familyId);
      if (!family || family.revokedAt) return null;
      return identity.personActor(family.userId, { credential, scope: scopeOf(family) });
    });
    return actor.type === 'user' ? actor : null;
  }

  async actorOfAccessToken(token: string): Promise<UserActor | null> {
    const claims = await this.#options.access.read(token);
    const actor = claims && (await this.actorOf(claims.fam));
    return actor && actor.userId === claims.sub ? actor : null;
  }

  /** By who holds the token itself (RFC 7009): its whole family ends. */
  async revokeGiven(token: string): Promise<void> {
    const { database, access } = this.#options;
    const held = token.startsWith('snr_') ? await store.findRefreshToken(database, sha256(token)) : null;
    const familyId = held?.familyId ?? (await access.read(token))?.fam;
    const family = familyId === undefined ? null : await store.findFamily(database, familyId);
    if (family) await this.#end(family, 'revoked');
  }

  async list(actor: UserActor): Promise<MachineSession[]> {
    const { database, now } = this.#options;
    const since = new Date(now().getTime() - refreshDays * 86_400_000);
    const families = await store.listFamilies(database, actor.userId, since);
    return families.map((family) => ({
      id: family.id,
      current: actor.credential.kind === 'token' && actor.credential.id === family.id,
      scope: family.scope.length > 0 ? family.scope : null,
      ip: family.ip,
      userAgent: family.userAgent,
      createdAt: family.createdAt.toISOString(),
      lastUsedAt: family.lastUsedAt.toISOString(),
    }));
  }

  async revoke(actor: UserActor, id: string): Promise<void> {
    const family = await store.findFamily(this.#options.database, id);
    if (family?.userId !== actor.userId) throw new AppError('NOT_FOUND', { message: `no sign-in ${id}` });
    await this.#end(family, 'revoked');
  }

  /** All of a person's machines sign in anew: after a new password, a lock, or by word. */
  async revokeAll(person: string, reason: string): Promise<void> {
    const { database, now } = this.#options;
    const ended = await store.revokeFamilies(database, { userId: person }, { revokedAt: now(), revokedReason: reason });
    for (const id of ended) this.#tellRevoked(id, person);
  }

  async #end(family: store.FamilyRow, revokedReason: string): Promise<void> {
    const { database, now } = this.#options;
    const end = { revokedAt: now(), revokedReason };
    const ended = await store.revokeFamilies(database, { id: family.id }, end);
    for (const id of ended) this.#tellRevoked(id, family.userId);
    noteChange({ object: { type: 'tokenFamily', id: family.id } });
  }

  /** Somebody has a token that was used before: the one who took it, or the one it was taken from. Both stop. */
  async #endReused(family: store.FamilyRow, from: From): Promise<void> {
    const { database, audit, activity, identity, log, now } = this.#options;
    const ended = await inTransaction(database, async (rows) => {
      const end = { revokedAt: now(), revokedReason: 'reused' };
      const ids = await store.revokeFamilies(rows, { id: family.id }, end);
      if (ids.length > 0)
        await activity.tell(rows, {
          userId: family.userId,
          kind: 'token.reused',
          data: { ip: from.ip, userAgent: from.userAgent },
        });
      return ids;
    });
    if (ended.length === 0) return;
    for (const id of ended) this.#tellRevoked(id, family.userId);
    log.warn({ action: 'token.reused', familyId: family.id, userId: family.userId }, 'a refresh token was used twice');
    const holder = await identity.personActor(family.userId, {
      credential: { kind: 'token', id: family.id },
      scope: null,
    });
    await audit.append(
      { actor: { type: 'anonymous' }, claimedName: holder?.name, ...from },
      {
        action: 'token.reused',
        outcome: 'refused',
        object: { type: 'tokenFamily', id: family.id },
        details: { userId: family.userId },
      },
    );
  }

  async #answer(family: Pick<store.FamilyRow, 'id' | 'userId' | 'scope'>, refresh: string): Promise<TokenAnswer> {
    const { access } = this.#options;
    const { id: familyId, userId: person, scope } = family;
    return {
      access_token: await access.sign({ userId: person, familyId, scope }),
      refresh_token: refresh,
      token_type: 'Bearer',
      expires_in: access.seconds,
      ...(scope.length > 0 && { scope: scope.join(' ') }),
    };
  }

  #tellRevoked(id: string, person: string): void {
    this.#options.events.publish({ type: 'credential.revoked', kind: 'token', id, userId: userId.parse(person) });
  }
}

function scopeOf(family: store.FamilyRow): UserActor['scope'] {
  return family.scope.length > 0 ? { permissions: family.scope, objects: null } : null;
}

/** OAuth2's form: words with spaces between. */
function readScope(text: string | undefined): string[] {
  const words = [...new Set((text ?? '').split(/\s+/).filter((word) => word !== ''))];
  for (const word of words)
    if (!permissionPattern.safeParse(word).success)
      throw new AppError('BAD_REQUEST', { message: `${word} is no permission`, details: { reason: 'invalid_scope' } });
  return words;
}

function refused(): AppError {
  return new AppError('UNAUTHENTICATED', {
    message: 'the refresh token was used, is over or was revoked',
    details: { reason: 'invalid_grant' },
  });
}
