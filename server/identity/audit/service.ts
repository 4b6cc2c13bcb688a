import { setTimeout as sleep } from 'node:timers/promises';

import type { z } from 'zod';

import type { auditCheck, auditQuery, AuditRow } from '#server/contracts/access.ts';
import type { Actor } from '#server/contracts/identity.ts';
import { AppError } from '#server/platform/app-error.ts';
import type { ProvedPerson } from '#server/platform/change-note.ts';
import type { Database } from '#server/platform/transaction.ts';
import type { AuditNote } from '#server/platform/trpc.ts';

import { isAllowed } from '../permissions.ts';
import { AppendQueue } from './append-queue.ts';
import { auditCsv } from './audit-csv.ts';
import { hashOf, keepable, plain, type AuditFacts } from './chain.ts';
import * as store from './store.ts';

/** A write is not answered before it is written down, and waits no longer than this for that. */
const appendWaitMsMax = 5000;
/** What one file of an export holds; the next begins where it ended. */
const csvRowsMax = 10_000;
const chunkLength = 1000;
/** Of one call: the next goes on where it ended. */
const checkedMax = 50_000;
const checkMsMax = 8000;
const noHash = new Uint8Array(32);
/** Whoever comes second reads the last entry again. Each such turn is another process's success. */
const turnsMax = 100;
const turnMsMax = 20;

/** Where a call came from. */
export interface AuditOrigin {
  actor: Actor;
  ip: string | null;
  userAgent: string | null;
  requestId: string | null;
  /** Whose name was given, which nothing has proved. */
  claimedName?: string | undefined;
}

type AuditQuery = z.infer<typeof auditQuery>;
type AuditCheck = z.infer<typeof auditCheck>;

/** Who changed what, from where. Entries are chained by their hashes, so that an edit behind our back shows. */
export class AuditService {
  readonly #database: Database;
  readonly #now: () => Date;
  readonly #queue: AppendQueue<AuditFacts>;
  /** Of the last entry, as far as this process knows; null: it is read. */
  #head: Uint8Array<ArrayBuffer> | null = null;

  constructor(options: { database: Database; now?: () => Date; appendWaitMsMax?: number }) {
    this.#database = options.database;
    this.#now = options.now ?? (() => new Date());
    this.#queue = new AppendQueue((entries) => this.#write(entries), {
      waitMsMax: options.appendWaitMsMax ?? appendWaitMsMax,
    });
  }

  /** Resolves when it is written down; UNAVAILABLE where that takes too long. */
  append(origin: AuditOrigin, note: AuditNote): Promise<void> {
    return this.#queue.add({ ...originOf(origin, note.person), ...noteOf(note), at: this.#now() });
  }

  /** Newest first. */
  async list(actor: Actor, query: AuditQuery): Promise<{ items: AuditRow[]; nextCursor: string | null }> {
    this.#authorize(actor);
    const rows = await this.#read(query, query.limit + 1);
    const shown = rows.slice(0, query.limit);
    return { items: shown.map(toAuditRow), nextCursor: cursorOf(shown, rows.length) };
  }

  /** What the filter finds, as a file; a long log goes on in the next, which begins at `nextCursor`. */
  async csv(
    actor: Actor,
    query: Omit<AuditQuery, 'limit'>,
  ): Promise<{ name: string; mediaType: string; text: string; rows: number; nextCursor: string | null }> {
    this.#authorize(actor);
    const rows = await this.#read(query, csvRowsMax + 1);
    const shown = rows.slice(0, csvRowsMax);
    const day = this.#now().toISOString().slice(0, 10);
    return {
      name: `audit-${day}${query.cursor ? `-before-${query.cursor}` : ''}.csv`,
      mediaType: 'text/csv; charset=utf-8',
      text: auditCsv(shown.map(toAuditRow)),
      rows: shown.length,
      nextCursor: cursorOf(shown, rows.length),
    };
  }

  /** Walks the chain from entry `from` on, a part in one call, and says where it breaks first. */
  async check(actor: Actor, { from = 0 }: { from?: number | undefined }): Promise<AuditCheck> {
    this.#authorize(actor);
    const startedAt = performance.now();
    let prevHash = (await store.hashBefore(this.#database, BigInt(from))) ?? noHash;
    let next = BigInt(from);
    let entries = 0;
    const outcome = (more: { brokenAt: number | null; nextFrom: number | null }): AuditCheck => ({
      ...more,
      entries,
      whole: more.brokenAt === null,
      head: Buffer.from(prevHash).toString('hex'),
      durationMs: Math.round(performance.now() - startedAt),
    });
    while (entries < checkedMax && performance.now() - startedAt < checkMsMax) {
      const chunk = await store.listChain(this.#database, next, chunkLength);
      for (const row of chunk) {
        if (!isSame(row.prevHash, prevHash) || !isSame(row.hash, hashOf(prevHash, factsOf(row))))
          return outcome({ brokenAt: Number(row.seq), nextFrom: null });
        prevHash = row.hash;
        next = row.seq + 1n;
        entries += 1;
      }
      if (chunk.length < chunkLength) return outcome({ brokenAt: null, nextFrom: null });
    }
    return outcome({ brokenAt: null, nextFrom: Number(next) });
  }

  actions(actor: Actor): Promise<string[]> {
    this.#authorize(actor);
    return store.listActions(this.#database);
  }

  async #write(entries: readonly AuditFacts[]): Promise<void> {
    for (let turn = 1; turn <= turnsMax; turn += 1) {
      let head = this.#head ?? (await store.lastHash(this.#database)) ?? noHash;
      const chained = entries.map((facts): store.NewEntry => {
        const entry = { ...facts, prevHash: head, hash: hashOf(head, facts) };
        head = entry.hash;
        return entry;
      });
      // Where it fails nobody knows whether it was written.
      this.#head = null;
      if (await store.append(this.#database, chained, { noHash })) {
        this.#head = head;
        return;
      }
      await sleep(Math.random() * turnMsMax);
    }
    throw new AppError('UNAVAILABLE', {
      message: 'audit log: other processes write without a pause',
      details: { retryAfterSeconds: 5 },
    });
  }

  #read({ cursor, from, to, ...fields }: Omit<AuditQuery, 'limit'>, limit: number): Promise<store.EntryRow[]> {
    const { actorId, action, objectType, objectId, outcome } = fields;
    const span = { from: from === undefined ? from : new Date(from), to: to === undefined ? to : new Date(to) };
    const filter = { actorId, action, objectType, objectId, outcome, ...span };
    return store.listEntries(this.#database, filter, { before: readCursor(cursor), limit });
  }

  #authorize(actor: Actor): void {
    if (!isAllowed(actor, 'audit:view'))
      throw new AppError(actor.type === 'anonymous' ? 'UNAUTHENTICATED' : 'FORBIDDEN', {
        message: 'audit:view is not granted',
      });
  }
}

function originOf({ actor, ip, userAgent, requestId, claimedName }: AuditOrigin, person: ProvedPerson | undefined) {
  return {
    ...(person && (person.via || actor.type !== 'user') ? proved(person) : whoOf(actor, claimedName)),
    ip,
    userAgent: userAgent === null ? null : keepable(userAgent.slice(0, 300)),
    requestId: requestId === null ? null : keepable(requestId),
  };
}

function proved({ id, name, via }: ProvedPerson) {
  return { actorType: 'user', actorId: id, actorName: name, viaKind: via?.kind ?? null, viaId: via?.id ?? null };
}

function whoOf(actor: Actor, claimedName: string | undefined) {
  const user = actor.type === 'user' ? actor : null;
  const guest = actor.type === 'guest' ? actor : null;
  return {
    actorType: actor.type,
    actorId: user?.userId ?? guest?.guestId ?? null,
    actorName: user?.name ?? guest?.name ?? claimedName ?? null,
    viaKind: user?.viewedBy ? 'viewAs' : (user?.credential.kind ?? null),
    viaId: user?.viewedBy ?? user?.credential.id ?? null,
  };
}

function noteOf({ action, outcome, object, before, after, details }: AuditNote) {
  return {
    action,
    outcome,
    objectType: object?.type ?? null,
    objectId: object ? keepable(object.id) : null,
    before: plain(before),
    after: plain(after),
    details: plain(details),
  };
}

/** Exactly what was hashed. */
function factsOf({ seq: _seq, prevHash: _prev, hash: _hash, before, after, details, ...facts }: store.ChainedRow) {
  return { ...facts, before: plain(before), after: plain(after), details: plain(details) };
}

function toAuditRow(row: store.EntryRow): AuditRow {
  const { actorType, actorId, actorName, viaKind, viaId, objectType, objectId, outcome } = row;
  return {
    seq: Number(row.seq),
    at: row.at.toISOString(),
    actor: { type: actorType, id: actorId, name: actorName },
    via: viaKind === null ? null : { kind: viaKind, id: viaId },
    ip: row.ip,
    userAgent: row.userAgent,
    requestId: row.requestId,
    action: row.action,
    outcome: outcome === 'refused' ? 'refused' : 'done',
    object: objectType === null || objectId === null ? null : { type: objectType, id: objectId },
    before: row.before,
    after: row.after,
    details: row.details,
  };
}

function cursorOf(shown: readonly store.EntryRow[], found: number): string | null {
  return found > shown.length ? String(shown.at(-1)?.seq ?? '') || null : null;
}

function readCursor(cursor: string | undefined): bigint | null {
  if (cursor === undefined) return null;
  if (!/^\d{1,18}$/.test(cursor))
    throw new AppError('BAD_REQUEST', { message: 'cursor is not one of ours', details: { field: 'cursor' } });
  return BigInt(cursor);
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
