import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';

import type { invitationInput, InvitationRow } from '#server/contracts/access.ts';
import type { invitationView } from '#server/contracts/account.ts';
import type { Actor, UserActor } from '#server/contracts/identity.ts';
import { AppError } from '#server/platform/app-error.ts';
import { noteChange } from '#server/platform/change-note.ts';
import { putMail } from '#server/platform/mail.ts';
import type { Outbox } from '#server/platform/outbox.ts';
import { inTransaction, takeTurn, type Database, type Rows } from '#server/platform/transaction.ts';

import { mustHold } from '../access/roles.ts';
import { permissionsOf } from '../actor-of.ts';
import { hashToken, newToken, type Links } from '../people/links.ts';
import { mailLocale, writeMail } from '../people/mails.ts';
import type { IdentityService } from '../service.ts';
import * as store from './store.ts';

const openMax = 1000;

interface Options {
  database: Database;
  identity: Pick<IdentityService, 'authorize' | 'isAllowed' | 'personActor'>;
  outbox: Outbox;
  links: Links;
  now?: () => Date;
}

/** Links by which people make accounts, with the roles that they then have. */
export class InvitationsService {
  readonly #options: Options;
  readonly #now: () => Date;

  constructor(options: Options) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
  }

  async list(
    actor: Actor,
    { cursor, limit }: { cursor?: string | undefined; limit: number },
  ): Promise<{ items: InvitationRow[]; nextCursor: string | null }> {
    const { database, identity } = this.#options;
    identity.authorize(actor, 'user:admin');
    const found = await store.list(database, {
      before: z.uuid().safeParse(cursor).data ?? null,
      limit: limit + 1,
    });
    const rows = found.slice(0, limit);
    return {
      items: await this.#toRows(rows),
      nextCursor: found.length > limit ? (rows.at(-1)?.id ?? null) : null,
    };
  }

  /** The link is in the answer, and in a mail where an address is given; kept is only its hash. */
  async create(
    actor: Actor,
    input: z.infer<typeof invitationInput>,
  ): Promise<{ invitation: InvitationRow; link: string }> {
    const { database, identity, links, outbox } = this.#options;
    identity.authorize(actor, 'user:admin');
    if (actor.type !== 'user') throw new AppError('FORBIDDEN', { message: 'invitations are made by people' });
    const roleIds = [...new Set(input.roleIds)];
    await this.#assertMayGive(actor, roleIds);
    const now = this.#now();
    const { token, tokenHash } = newToken();
    const link = links.to('invitation', token);
    const expiresAt = new Date(now.getTime() + input.validFor * 3_600_000);
    const email = input.email?.trim().toLowerCase() ?? null;
    const made = await inTransaction(database, async (rows) => {
      await takeTurn(rows, 'invitations');
      if ((await store.countOpen(rows, now)) >= openMax)
        throw new AppError('CONFLICT', { message: `${openMax} invitations are open`, details: { reason: 'tooMany' } });
      const invitation = await store.insert(rows, {
        id: uuidv7(),
        tokenHash,
        email,
        roleIds,
        createdBy: actor.userId,
        createdAt: now,
        expiresAt,
      });
      if (email !== null) {
        const inviter = await store.findLocale(rows, actor.userId);
        const letter = { kind: 'invitation', invitedBy: actor.name, link, until: expiresAt } as const;
        const reader = { locale: mailLocale(inviter?.locale), timeZone: inviter?.timeZone ?? null };
        await putMail(outbox, rows, { to: email, ...writeMail(letter, reader) });
      }
      return invitation;
    });
    noteChange({
      object: { type: 'invitation', id: made.id },
      after: { roleIds, forAddress: email !== null, expiresAt },
    });
    const [invitation] = await this.#toRows([made]);
    if (!invitation) throw new Error('an invitation that was made has a row');
    return { invitation, link };
  }

  async revoke(actor: Actor, id: string): Promise<void> {
    const { database, identity } = this.#options;
    identity.authorize(actor, 'user:admin');
    const open = await store.findToRevoke(database, id);
    if (open) assertHolds(actor, await store.findRoles(database, open.roleIds));
    if (!(await store.revoke(database, id, this.#now())))
      throw new AppError('NOT_FOUND', { message: `invitation ${id} is not open` });
    noteChange({ object: { type: 'invitation', id } });
  }

  /** What whoever holds the link is shown. */
  async look(token: string): Promise<z.infer<typeof invitationView>> {
    const { invitation, inviter } = await this.#open(token);
    return { email: invitation.email, invitedBy: inviter.name, expiresAt: invitation.expiresAt.toISOString() };
  }

  /** An open invitation for `email`; refused where it is for another address. */
  async forAddress(token: string, email: string): Promise<store.InvitationEntry> {
    const { invitation } = await this.#open(token);
    if (invitation.email !== null && invitation.email !== email)
      throw new AppError('FORBIDDEN', {
        message: 'the invitation is for another address',
        details: { reason: 'otherAddress' },
      });
    return invitation;
  }

  /** In the transaction that makes the account: throws where somebody else was sooner. */
  async take(rows: Rows, { id, usedBy }: { id: string; usedBy: string }): Promise<void> {
    if (!(await store.take(rows, id, { usedBy, now: this.#now() }))) throw isOver();
  }

  /** It is worth what whoever made it may still give: an admin who was locked or lost the role leaves no door behind. */
  async #open(token: string): Promise<{ invitation: store.InvitationEntry; inviter: UserActor }> {
    const { database, identity } = this.#options;
    const invitation = await store.findOpen(database, hashToken(token), this.#now());
    if (!invitation) throw isOver();
    const inviter = await identity.personActor(invitation.createdBy, {
      credential: { kind: 'session', id: invitation.id },
      scope: null,
    });
    if (!inviter || !identity.isAllowed(inviter, 'user:admin')) throw isOver();
    try {
      await this.#assertMayGive(inviter, invitation.roleIds);
    } catch (cause) {
      if (cause instanceof AppError) throw isOver(cause);
      throw cause;
    }
    return { invitation, inviter };
  }

  /** Nobody gives more than they have, and owners alone make owners. */
  async #assertMayGive(actor: UserActor, roleIds: readonly string[]): Promise<void> {
    if (roleIds.length === 0) return;
    const { database, identity } = this.#options;
    identity.authorize(actor, 'role:admin');
    const roles = await store.findRoles(database, roleIds);
    const missing = roleIds.filter((id) => !roles.some((role) => role.id === id));
    if (missing.length > 0)
      throw new AppError('BAD_REQUEST', {
        message: `there is no role ${missing.join(', ')}`,
        details: { fields: [{ path: 'roleIds', message: 'there is no such role' }] },
      });
    assertHolds(actor, roles);
  }

  async #toRows(entries: readonly store.InvitationEntry[]): Promise<InvitationRow[]> {
    const ids = entries.flatMap(({ createdBy, usedBy }) => (usedBy === null ? [createdBy] : [createdBy, usedBy]));
    const names = await store.namesOf(this.#options.database, [...new Set(ids)]);
    return entries.map((entry) => ({
      id: entry.id,
      email: entry.email,
      roleIds: entry.roleIds,
      createdBy: names.get(entry.createdBy) ?? entry.createdBy,
      createdAt: entry.createdAt.toISOString(),
      expiresAt: entry.expiresAt.toISOString(),
      state: stateOf(entry, this.#now()),
      usedBy: entry.usedBy === null ? null : (names.get(entry.usedBy) ?? entry.usedBy),
    }));
  }
}

function assertHolds(actor: Actor, roles: Awaited<ReturnType<typeof store.findRoles>>): void {
  for (const { id, permissions } of roles) {
    mustHold(actor, permissionsOf(id, permissions));
    if (id === 'owner' && !(actor.type === 'user' && actor.isOwner))
      throw new AppError('FORBIDDEN', { message: 'only an owner makes owners', details: { reason: 'ownersOnly' } });
  }
}

function stateOf({ usedAt, revokedAt, expiresAt }: store.InvitationEntry, now: Date): InvitationRow['state'] {
  if (usedAt) return 'used';
  if (revokedAt) return 'revoked';
  return expiresAt <= now ? 'expired' : 'open';
}

function isOver(cause?: unknown): AppError {
  return new AppError('GONE', { message: 'the invitation was used or taken back, or its time is over', cause });
}
