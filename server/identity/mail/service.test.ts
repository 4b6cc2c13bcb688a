import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';

import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { mailKind, putMail } from '#server/platform/mail.ts';
import { Outbox, OutboxWorker } from '#server/platform/outbox.ts';
import { createSealer } from '#server/platform/sealed.ts';
import { inTransaction } from '#server/platform/transaction.ts';
import { boundPort } from '#server/testing/bound-port.ts';
import { cloneDatabase } from '#server/testing/database.ts';
import { aBus, anActor, anOwner, silentLog } from '#server/testing/factories.ts';

import { IdentityService } from '../service.ts';
import { MailService } from './service.ts';

let clone: Awaited<ReturnType<typeof cloneDatabase>>;
let owner: Awaited<ReturnType<typeof anOwner>>;
let smtp: SMTPServer;
let smtpUrl: string;
let arrived: Buffer[] = [];
const letter = { to: 'aya@example.org', subject: 'パスワードの再設定', text: 'https://video.example.org/x\n改行' };
const patient = { timeout: 15_000, interval: 50 };
const admin = anActor({ grants: [{ permissions: ['*'], object: null }] });

beforeAll(async () => {
  clone = await cloneDatabase();
  owner = await anOwner(clone.database);
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _session, done) =>
      address.startsWith('nobody')
        ? done(Object.assign(new Error('no such person'), { responseCode: 550 }))
        : address.startsWith('later')
          ? done(Object.assign(new Error('come back later'), { responseCode: 451 }))
          : done(),
    onData: (stream, _session, done) => {
      const take = async () => {
        arrived.push(await buffer(stream));
        done();
      };
      void take();
    },
  });
  smtp.listen(0, '127.0.0.1');
  await once(smtp.server, 'listening');
  smtpUrl = `smtp://127.0.0.1:${boundPort(smtp.server)}`;
});
afterAll(async () => {
  await new Promise<void>((resolve) => smtp.close(resolve));
  await clone[Symbol.asyncDispose]();
});
afterEach(async () => {
  arrived = [];
  await clone.database.outboxItem.deleteMany();
});

function aPostOffice({ kept = false } = {}) {
  const { database } = clone;
  const outbox = new Outbox({ sealer: createSealer('0123456789abcdef'), kept: kept ? ['mail'] : [] });
  const mail = new MailService({ database, outbox, identity: new IdentityService({ database, events: aBus() }) });
  const worker = new OutboxWorker({ database, outbox, log: silentLog });
  worker.carry(mailKind({ url: smtpUrl, from: 'Sensorium <no-reply@example.org>' }));
  return { database, outbox, mail, worker };
}

test('what takes its time to be sent keeps no mail back, and is waited for at the end', async () => {
  const { database, outbox, worker } = aPostOffice();
  const gate = Promise.withResolvers<void>();
  const calls: string[] = [];
  worker.carry({
    name: 'slow',
    payload: z.object({}),
    deliver: async () => {
      calls.push('asked');
      await gate.promise;
      calls.push('answered');
      return {};
    },
  });
  await outbox.put(database, { kind: 'slow', summary: {}, payload: {} });
  worker.start();
  await expect.poll(() => calls, patient).toEqual(['asked']);
  await putMail(outbox, database, letter);
  await expect.poll(() => arrived.length, patient).toBe(1);
  expect(calls).toEqual(['asked']);
  const closed = worker.close();
  gate.resolve();
  await closed;
  expect(calls).toEqual(['asked', 'answered']);
}, 40_000);

test('mail leaves by the SMTP server as it was written', async () => {
  const { database, outbox, mail, worker } = aPostOffice();
  await putMail(outbox, database, letter);
  await worker.sendDue();
  expect(arrived).toHaveLength(1);
  const parsed = await PostalMime.parse(arrived[0] ?? '');
  expect(parsed).toMatchObject({ subject: letter.subject, to: [{ address: letter.to }], from: { name: 'Sensorium' } });
  expect(parsed.text?.trim()).toBe(letter.text);
  expect((await mail.list(owner, { limit: 10 })).items).toMatchObject([{ state: 'sent', summary: { to: letter.to } }]);
});

test('without a server mail is kept for an admin, and what is in it is sealed in the database', async () => {
  const { database, outbox, mail, worker } = aPostOffice({ kept: true });
  await putMail(outbox, database, letter);
  expect(await worker.sendDue()).toBe(0);
  const list = await mail.list(admin, { limit: 10 });
  expect(list).toMatchObject({ leaves: false, items: [{ state: 'kept' }] });
  const [row] = await database.outboxItem.findMany();
  expect(Buffer.from(row?.sealed ?? []).toString('latin1')).not.toContain('video.example.org');
  expect(await mail.read(admin, row?.id ?? '')).toEqual(letter);
  await expect(mail.retry(admin, row?.id ?? '')).rejects.toMatchObject({ details: { reason: 'noServer' } });
  await expect(mail.read(anActor(), row?.id ?? '')).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test('a mail to an owner, which may open their account, no admin reads', async () => {
  const { database, outbox, mail } = aPostOffice({ kept: true });
  await putMail(outbox, database, { ...letter, to: owner.email });
  const [row] = await database.outboxItem.findMany();
  await expect(mail.read(admin, row?.id ?? '')).rejects.toMatchObject({
    code: 'FORBIDDEN',
    details: { reason: 'owner' },
  });
  expect(await mail.read(owner, row?.id ?? '')).toMatchObject({ to: owner.email });
});

test('nor one to the address that an owner had before, which can take the change back', async () => {
  const { database, outbox, mail } = aPostOffice({ kept: true });
  const link = { tokenHash: new Uint8Array(32), kind: 'undoEmail', userId: owner.userId, email: 'before@example.org' };
  await database.accountLink.create({ data: { ...link, expiresAt: new Date(Date.now() + 3_600_000) } });
  await putMail(outbox, database, { ...letter, to: 'before@example.org' });
  const [row] = await database.outboxItem.findMany();
  await expect(mail.read(admin, row?.id ?? '')).rejects.toMatchObject({ details: { reason: 'owner' } });
});

test('who may read mail reads none that opens an account or an invitation which holds more', async () => {
  const { database, outbox, mail } = aPostOffice({ kept: true });
  const mailClerk = anActor({ grants: [{ permissions: ['outbox:*'], object: null }] });
  const [member, boss] = ['member', 'boss'].map((name) => ({
    id: randomUUID(),
    userName: `${name}-${randomUUID()}`,
    name,
  }));
  if (!member || !boss) throw new Error('two people');
  await database.user.create({ data: { ...member, email: 'member@example.org' } });
  await database.user.create({
    data: { ...boss, email: 'boss@example.org', roles: { create: { id: randomUUID(), roleId: 'admin' } } },
  });
  await database.invitation.create({
    data: {
      id: randomUUID(),
      tokenHash: new Uint8Array(32).fill(7),
      email: 'next@example.org',
      roleIds: ['operator'],
      createdBy: owner.userId,
      expiresAt: new Date(Date.now() + 3_600_000),
    },
  });
  const mailTo = async (to: string) => {
    await putMail(outbox, database, { ...letter, to });
    const row = await database.outboxItem.findFirstOrThrow({ orderBy: { id: 'desc' } });
    return row.id;
  };
  const [toMember, toBoss, toNext] = [
    await mailTo('member@example.org'),
    await mailTo('boss@example.org'),
    await mailTo('next@example.org'),
  ];
  expect(await mail.read(mailClerk, toMember)).toMatchObject({ to: 'member@example.org' });
  for (const id of [toBoss, toNext])
    await expect(mail.read(mailClerk, id)).rejects.toMatchObject({ details: { reason: 'moreThanHeld' } });
  expect(await mail.read(admin, toBoss)).toMatchObject({ to: 'boss@example.org' });
  expect(await mail.read(admin, toNext)).toMatchObject({ to: 'next@example.org' });
});

test('a narrow key of an owner is no owner: it reads no mail that would open the whole house', async () => {
  const { database, outbox, mail } = aPostOffice({ kept: true });
  await putMail(outbox, database, { ...letter, to: owner.email });
  const [row] = await database.outboxItem.findMany();
  const key = { ...owner, scope: { permissions: ['outbox:write'], objects: null } };
  await expect(mail.read(key, row?.id ?? '')).rejects.toMatchObject({ details: { reason: 'owner' } });
});

test('a refusal for good is dead at once, one for now is tried again', async () => {
  const { database, outbox, mail, worker } = aPostOffice();
  await putMail(outbox, database, { ...letter, to: 'nobody@example.org' });
  await putMail(outbox, database, { ...letter, to: 'later@example.org' });
  await worker.sendDue();
  const states = await database.outboxItem.findMany({ orderBy: { id: 'asc' }, select: { summary: true, state: true } });
  expect(states).toMatchObject([
    { summary: { to: 'nobody@example.org' }, state: 'dead' },
    { summary: { to: 'later@example.org' }, state: 'pending' },
  ]);
  // The status page says how many of the last day were given up.
  expect(await mail.givenUp()).toBe(1);
  await database.outboxItem.updateMany({ data: { createdAt: new Date(Date.now() - 2 * 86_400_000) } });
  expect(await mail.givenUp()).toBe(0);
});

test('a password that the mail server refuses is said in the list, and the mail waits for the right one', async () => {
  const guarded = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ password }, _session, done) =>
      password === 'right'
        ? done(null, { user: 'mailer' })
        : done(Object.assign(new Error('credentials invalid'), { responseCode: 535 })),
  });
  guarded.listen(0, '127.0.0.1');
  await once(guarded.server, 'listening');
  const urlWith = (password: string) => `smtp://mailer:${password}@127.0.0.1:${boundPort(guarded.server)}`;
  const { database, outbox, mail } = aPostOffice();
  const workerWith = (password: string) => {
    const worker = new OutboxWorker({ database, outbox, log: silentLog });
    worker.carry(mailKind({ url: urlWith(password), from: 'Sensorium <no-reply@example.org>' }));
    return worker;
  };
  await putMail(outbox, database, letter);
  await workerWith('wrong').sendDue();
  const { items } = await mail.list(admin, { limit: 10 });
  expect(items).toMatchObject([{ state: 'pending', attempts: 1 }]);
  expect(items[0]?.lastError).toMatch(/535 credentials invalid/);
  await database.outboxItem.updateMany({ data: { nextAt: new Date() } });
  await workerWith('right').sendDue();
  expect((await mail.list(admin, { limit: 10 })).items).toMatchObject([
    { state: 'sent', attempts: 2, lastError: null },
  ]);
  await new Promise<void>((resolve) => guarded.close(resolve));
});

test('a line break in an address or a subject is refused: it could begin another header', async () => {
  const { database, outbox } = aPostOffice();
  for (const bad of [
    { ...letter, to: 'aya@example.org\r\nBcc: all@example.org' },
    { ...letter, subject: 'hello\nBcc: all@example.org' },
  ])
    await expect(putMail(outbox, database, bad)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  expect(await database.outboxItem.count()).toBe(0);
});

test('a mail of a transaction that fails is never sent', async () => {
  const { database, outbox, worker } = aPostOffice();
  const failing = inTransaction(database, async (rows) => {
    await putMail(outbox, rows, letter);
    throw new Error('the change did not hold');
  });
  await expect(failing).rejects.toThrow('did not hold');
  expect(await worker.sendDue()).toBe(0);
});
