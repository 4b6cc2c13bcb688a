import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';

import Papa from 'papaparse';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { Actor } from '#server/contracts/identity.ts';
import { cloneDatabase } from '#server/testing/database.ts';
import { anActor } from '#server/testing/factories.ts';

import { AuditService } from './service.ts';

let clone: Awaited<ReturnType<typeof cloneDatabase>>;
const admin = anActor({ grants: [{ permissions: ['audit:view'], object: null }] });
const origin = { actor: admin, ip: '192.0.2.1', userAgent: 'a browser', requestId: 'r1' };
const note = (action: string, more: object = {}) => ({ action, outcome: 'done' as const, ...more });
const query = { limit: 50 };

beforeAll(async () => {
  clone = await cloneDatabase();
});
afterAll(async () => clone[Symbol.asyncDispose]());
beforeEach(() => tamper('DELETE FROM audit_log'));

/** What only who sits at the database can do. */
async function tamper(sql: string): Promise<void> {
  await clone.database.$transaction([
    clone.database.$executeRawUnsafe('ALTER TABLE audit_log DISABLE TRIGGER audit_log_append_only'),
    clone.database.$executeRawUnsafe(sql),
    clone.database.$executeRawUnsafe('ALTER TABLE audit_log ENABLE TRIGGER audit_log_append_only'),
  ]);
}

const aService = (more: { appendWaitMsMax?: number } = {}) => new AuditService({ database: clone.database, ...more });

async function aLog(length: number) {
  const audit = aService();
  for (let at = 0; at < length; at += 1)
    await audit.append(origin, note(`step.${at}`, { object: { type: 'camera', id: `c${at}` }, after: { at } }));
  const entries = await clone.database.auditEntry.findMany({ orderBy: { seq: 'asc' }, select: { seq: true } });
  return { audit, seqs: entries.map(({ seq }) => Number(seq)) };
}

describe('the chain', () => {
  test('is whole after many wrote side by side in several processes, in one order for all', async () => {
    const [one, two, three] = [aService(), aService(), aService()];
    const notes = Array.from({ length: 120 }, (_, at) => note(`many.${at}`, { details: { at } }));
    await Promise.all(notes.map((each, at) => (at % 3 === 0 ? one : at % 3 === 1 ? two : three).append(origin, each)));
    expect(await aService().check(admin, {})).toMatchObject({
      entries: 120,
      whole: true,
      brokenAt: null,
      nextFrom: null,
    });
  });

  test.each([
    ['a word of an entry is changed', (seq: number) => `UPDATE audit_log SET action = 'x' WHERE seq = ${seq}`],
    ['who it was is changed', (seq: number) => `UPDATE audit_log SET actor_id = NULL WHERE seq = ${seq}`],
    ['what it changed is changed', (seq: number) => `UPDATE audit_log SET after = '{}' WHERE seq = ${seq}`],
    ['its hash is changed', (seq: number) => `UPDATE audit_log SET hash = prev_hash WHERE seq = ${seq}`],
  ])('shows where %s', async (_name, sql) => {
    const { audit, seqs } = await aLog(6);
    await tamper(sql(seqs[3] ?? 0));
    expect(await audit.check(admin, {})).toMatchObject({ whole: false, brokenAt: seqs[3], entries: 3 });
  });

  test.each([
    ['at its head', 0, 1],
    ['in the middle', 3, 4],
  ])('shows that an entry was cut out %s', async (_name, cut, broken) => {
    const { audit, seqs } = await aLog(6);
    await tamper(`DELETE FROM audit_log WHERE seq = ${seqs[cut]}`);
    expect(await audit.check(admin, {})).toMatchObject({ whole: false, brokenAt: seqs[broken] });
  });

  test('tells the head by which a cut at its end shows', async () => {
    const { audit, seqs } = await aLog(4);
    const { head } = await audit.check(admin, {});
    await tamper(`DELETE FROM audit_log WHERE seq = ${seqs[3]}`);
    const after = await audit.check(admin, {});
    expect(after.whole).toBe(true);
    expect(after.head).not.toBe(head);
  });

  test('can be walked from the middle, and is anchored at the entry before', async () => {
    const { audit, seqs } = await aLog(6);
    expect(await audit.check(admin, { from: seqs[4] })).toMatchObject({ entries: 2, whole: true });
    await tamper(`UPDATE audit_log SET hash = '\\x00' WHERE seq = ${seqs[3]}`);
    expect(await audit.check(admin, { from: seqs[4] })).toMatchObject({ whole: false, brokenAt: seqs[4] });
  });

  test('refuses an edit, a deletion and an emptying by the database itself', async () => {
    const { audit } = await aLog(1);
    for (const sql of ["UPDATE audit_log SET action = 'x'", 'DELETE FROM audit_log', 'TRUNCATE audit_log'])
      await expect(clone.database.$executeRawUnsafe(sql)).rejects.toThrow(/append-only/);
    expect(await audit.check(admin, {})).toMatchObject({ whole: true, entries: 1 });
  });

  test('stands with what a database does not keep: NUL, half of a pair, very long values, numbers of all kinds', async () => {
    const audit = aService();
    const odd = { text: 'a\0b\uD800c', numbers: [0.1, -0, 1e21, 5e-324, 2 ** 53], nested: { b: 1, a: [null, ''] } };
    await audit.append({ ...origin, userAgent: 'x\0\uD800' }, note('odd', { before: odd, after: 'x'.repeat(50_000) }));
    expect(await audit.check(admin, {})).toMatchObject({ whole: true, entries: 1 });
    const { items } = await audit.list(admin, query);
    expect(items[0]).toMatchObject({ before: { text: 'a\uFFFDb\uFFFDc' }, after: { left: 'too long' } });
  });
});

describe('reading', () => {
  test('finds by who, what, outcome and time, and pages through without gap or repetition', async () => {
    const audit = aService();
    const other = anActor();
    for (let at = 0; at < 7; at += 1)
      await audit.append(origin, note('cameras.update', { object: { type: 'camera', id: 'c1' } }));
    await audit.append({ ...origin, actor: other }, { action: 'cameras.delete', outcome: 'refused' });
    const pages: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await audit.list(admin, { limit: 3, ...(cursor !== undefined && { cursor }) });
      pages.push(...page.items.map((row) => row.seq));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(pages).toHaveLength(8);
    expect(pages).toEqual([...new Set(pages)].toSorted((a, b) => b - a));
    const found = async (filter: object) => (await audit.list(admin, { ...query, ...filter })).items.length;
    expect(await found({ actorId: other.userId })).toBe(1);
    expect(await found({ outcome: 'refused' })).toBe(1);
    expect(await found({ action: 'cameras.update' })).toBe(7);
    expect(await found({ objectType: 'camera', objectId: 'c1' })).toBe(7);
    expect(await found({ objectType: 'camera', objectId: 'c2' })).toBe(0);
    expect(await found({ from: new Date(Date.now() + 60_000).toISOString() })).toBe(0);
    expect(await found({ to: new Date(Date.now() + 60_000).toISOString() })).toBe(8);
    expect(await audit.actions(admin)).toEqual(['cameras.delete', 'cameras.update']);
    await expect(audit.list(admin, { ...query, cursor: "1' OR 1=1" })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  test('says who looked as somebody else', async () => {
    const audit = aService();
    const viewer = anActor({ viewedBy: admin.userId });
    await audit.append({ ...origin, actor: viewer }, { action: 'cameras.update', outcome: 'refused' });
    expect((await audit.list(admin, query)).items[0]).toMatchObject({
      actor: { id: viewer.userId },
      via: { kind: 'viewAs', id: admin.userId },
    });
  });

  test('says whose a call of nobody proved to be; a name that was only claimed is no person', async () => {
    const audit = aService();
    const person = { id: randomUUID(), name: 'Mika Sato' };
    const via = { kind: 'session', id: randomUUID() } as const;
    const entry = { action: 'x', outcome: 'done' } as const;
    const nobody = { ...origin, actor: { type: 'anonymous' } } as const;
    await audit.append(nobody, { ...entry, person });
    await audit.append({ ...origin, actor: admin }, { ...entry, person });
    await audit.append({ ...origin, actor: admin }, { ...entry, person: { ...person, via } });
    await audit.append({ ...nobody, claimedName: 'Mika Sato' }, entry);
    const told = (await audit.list(admin, query)).items.toReversed();
    expect(told.map(({ actor, via: by }) => [actor, by?.id ?? null])).toEqual([
      [{ type: 'user', ...person }, null],
      [{ type: 'user', id: admin.userId, name: admin.name }, admin.credential.id],
      [{ type: 'user', ...person }, via.id],
      [{ type: 'anonymous', id: null, name: 'Mika Sato' }, null],
    ]);
    expect((await audit.check(admin, {})).whole).toBe(true);
  });

  test('as a file is a table that no spreadsheet computes', async () => {
    const audit = aService();
    const names = ['=1+2', '+1', '-1', '@SUM(A1)', '\t=1', 'plain "quoted", and\nbroken'];
    for (const name of names) await audit.append({ ...origin, actor: anActor({ name }) }, note('x'));
    const { text, rows, nextCursor } = await audit.csv(admin, {});
    expect({ rows, nextCursor, mark: text.charCodeAt(0) }).toEqual({ rows: 6, nextCursor: null, mark: 0xfeff });
    const { data, errors } = Papa.parse<Record<string, string>>(text.slice(1).trimEnd(), { header: true });
    expect(errors).toEqual([]);
    expect(data.map((row) => row['actorName']).toReversed()).toEqual([
      "'=1+2",
      "'+1",
      "'-1",
      "'@SUM(A1)",
      "'\t=1",
      'plain "quoted", and\nbroken',
    ]);
  });

  test('is for who holds the permission for everything', () => {
    const audit = aService();
    const boundAdmin = anActor({ grants: [{ permissions: ['*'], object: { type: 'camera', id: 'c1' } }] });
    const actors: Actor[] = [anActor(), boundAdmin, { type: 'anonymous' }];
    for (const actor of actors) {
      expect(() => audit.actions(actor)).toThrow(/audit:view/);
    }
    return expect(audit.list(boundAdmin, query)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('under load', () => {
  test('a thousand entries are written within seconds, and reading goes on beside them', async () => {
    const audit = aService();
    const waits: number[] = [];
    const writing = new AbortController();
    const reading = (async () => {
      while (!writing.signal.aborted) {
        const startedAt = performance.now();
        await clone.database.$queryRaw`SELECT 1`;
        waits.push(performance.now() - startedAt);
      }
    })();
    await Promise.all(Array.from({ length: 1000 }, (_, at) => audit.append(origin, note('load', { details: { at } }))));
    writing.abort();
    await reading;
    expect(await audit.check(admin, {})).toMatchObject({ entries: 1000, whole: true });
    // Of the pool's five connections the log takes one: no reader ever waits for all that is queued.
    expect(Math.max(...waits)).toBeLessThan(2000);
    expect(waits.length).toBeGreaterThan(10);
  });

  test('who can not be written down in time is told so, and what waits has a bound', async () => {
    const audit = aService({ appendWaitMsMax: 300 });
    // Another process appends, and does not come to an end.
    const rolledBack = new Error('it gives up');
    const other = clone.database.$transaction(async (rows) => {
      await rows.$executeRaw`
        INSERT INTO audit_log (at, actor_type, action, outcome, prev_hash, hash)
        VALUES (now(), 'system', 'other', 'done', ${new Uint8Array(32)}, ${new Uint8Array(32).fill(1)})`;
      await expect(audit.append(origin, note('late'))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      const outcomes = await Promise.allSettled(
        Array.from({ length: 2100 }, () => audit.append(origin, note('flood'))),
      );
      expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(2100);
      throw rolledBack;
    });
    await expect(other).rejects.toBe(rolledBack);
    await aService().append(origin, note('after'));
    const { items } = await aService().list(admin, { ...query, action: 'flood' });
    expect(items).toEqual([]);
    expect(await aService().check(admin, {})).toMatchObject({ whole: true });
  });
});
