import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';

import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';

import { cameraId, streamId } from '#server/contracts/ids.ts';
import { ActivityService } from '#server/identity/activity/service.ts';
import { IdentityService } from '#server/identity/service.ts';
import { Outbox, OutboxWorker } from '#server/platform/outbox.ts';
import { createSealer } from '#server/platform/sealed.ts';
import { boundPort } from '#server/testing/bound-port.ts';
import { cloneDatabase } from '#server/testing/database.ts';
import { aBus, anActor, anOwner, silentLog } from '#server/testing/factories.ts';

import { WebhooksService } from './service.ts';

type Owner = Awaited<ReturnType<typeof anOwner>>;
interface Received {
  headers: IncomingMessage['headers'];
  body: string;
}

let clone: Awaited<ReturnType<typeof cloneDatabase>>;
let owner: Owner;
let server: Server;
let url: string;
let received: Received[] = [];
let answer: (count: number) => number = () => 204;
let time = Date.now();
const now = () => new Date(time);
const camera = cameraId.parse('01900000-0000-7000-8000-000000000001');
const stream = streamId.parse('01900000-0000-7000-8000-000000000002');

beforeAll(async () => {
  clone = await cloneDatabase();
  owner = await anOwner(clone.database);
  server = createServer((request, response) => {
    const take = async () => {
      received.push({ headers: request.headers, body: await text(request) });
      response.writeHead(answer(received.length), { location: 'http://127.0.0.1:1/elsewhere' }).end('said');
    };
    void take();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${boundPort(server)}/hook?token=s3cret`;
});
afterAll(async () => {
  server.close();
  await clone[Symbol.asyncDispose]();
});
beforeEach(() => {
  received = [];
  answer = () => 204;
  time = Date.now();
});
afterEach(async () => {
  await clone.database.webhookEndpoint.deleteMany();
  await clone.database.outboxItem.deleteMany();
  await clone.database.activityItem.deleteMany();
});

function aHouse(options: { isAllowed?: (address: string) => boolean } = {}) {
  const { database } = clone;
  const events = aBus();
  const sealer = createSealer('0123456789abcdef');
  const outbox = new Outbox({ sealer, now });
  const identity = new IdentityService({ database, events });
  const activity = new ActivityService({ database });
  const isAllowed = options.isAllowed ?? ((address: string) => address === '127.0.0.1');
  const webhooks = new WebhooksService({
    database,
    events,
    outbox,
    sealer,
    identity,
    activity,
    log: silentLog,
    isAllowed,
    now,
  });
  const worker = new OutboxWorker({ database, outbox, log: silentLog, now, random: () => 0.5 });
  worker.carry(webhooks.outboxKind());
  return { events, webhooks, worker };
}

/** Headers as the receiver's library takes them. */
const textOf = (headers: IncomingMessage['headers']) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

const all = { description: '', events: [], enabled: true };

test('an event reaches every endpoint that wants it, once, signed so that the receiver can verify it', async () => {
  const { events, webhooks, worker } = aHouse();
  const { secret } = await webhooks.create(owner, { ...all, url });
  await webhooks.create(owner, { ...all, url, events: ['user.created'] });
  const stop = webhooks.start();
  events.publish({ type: 'camera.changed', cameraId: camera, streamId: stream, change: 'added' });
  events.publish({ type: 'roles.changed' });
  await webhooks.close();
  stop();
  expect(await worker.sendDue()).toBe(1);
  expect(received).toHaveLength(1);
  const [{ headers, body } = { headers: {}, body: '' }] = received;
  const verified = new Webhook(secret).verify(body, {
    'webhook-id': String(headers['webhook-id']),
    'webhook-timestamp': String(headers['webhook-timestamp']),
    'webhook-signature': String(headers['webhook-signature']),
  });
  expect(verified).toMatchObject({ type: 'camera.added', data: { cameraId: camera, streamId: stream } });
  expect(() => new Webhook(secret).verify(`${body} `, textOf(headers))).toThrow('No matching signature');
  expect(await worker.sendDue()).toBe(0);
});

test('what another process published is written down there alone', async () => {
  const { events, webhooks } = aHouse();
  await webhooks.create(owner, { ...all, url });
  const published = vi.fn<() => void>();
  const stop = events.onPublished(published);
  events.publish({ type: 'roles.changed' });
  expect(published).toHaveBeenCalledTimes(1);
  stop();
  events.publish({ type: 'roles.changed' });
  expect(published).toHaveBeenCalledTimes(1);
});

test('a failing endpoint is tried after 1, 2, 4 … 60 s, then it is dead, its owner is told, and it can be replayed', async () => {
  const { webhooks, worker } = aHouse();
  const { webhook } = await webhooks.create(owner, { ...all, url });
  answer = () => 500;
  await webhooks.ping(owner, webhook.id);
  const waits: number[] = [];
  for (let attempt = 1; attempt < 10; attempt += 1) {
    expect(await worker.sendDue()).toBe(1);
    const [item] = await clone.database.outboxItem.findMany();
    expect(item?.state).toBe('pending');
    waits.push(Math.round(((item?.nextAt.getTime() ?? 0) - time) / 1000));
    expect(await worker.sendDue()).toBe(0);
    time = item?.nextAt.getTime() ?? 0;
  }
  expect(await worker.sendDue()).toBe(1);
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  expect((await webhooks.deliveries(owner, { limit: 10, state: 'dead' })).items).toMatchObject([
    { attempts: 10, lastError: 'the endpoint answered 500: said' },
  ]);
  expect(await clone.database.activityItem.findMany()).toMatchObject([{ userId: owner.userId, kind: 'webhook.dead' }]);
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  answer = () => 200;
  expect(await webhooks.replayDead(owner, webhook.id)).toEqual({ replayed: 1 });
  await worker.sendDue();
  expect((await webhooks.deliveries(owner, { limit: 10 })).items).toMatchObject([
    { state: 'sent', result: { status: 200 } },
  ]);
  await expect(webhooks.replay(owner, webhook.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('jitter keeps within a quarter', async () => {
  const { webhooks } = aHouse();
  const { webhook } = await webhooks.create(owner, { ...all, url });
  answer = () => 503;
  for (const random of [0, 1]) {
    await clone.database.outboxItem.deleteMany();
    await webhooks.ping(owner, webhook.id);
    const outbox = new Outbox({ sealer: createSealer('0123456789abcdef'), now });
    const worker = new OutboxWorker({ database: clone.database, outbox, log: silentLog, now, random: () => random });
    worker.carry(webhooks.outboxKind());
    await worker.sendDue();
    const [item] = await clone.database.outboxItem.findMany();
    expect((item?.nextAt.getTime() ?? 0) - time).toBe(random === 0 ? 750 : 1250);
  }
});

test('during a rotation both secrets sign, afterwards the new one alone', async () => {
  const { webhooks, worker } = aHouse();
  const first = await webhooks.create(owner, { ...all, url });
  const second = await webhooks.rotateSecret(owner, first.webhook.id);
  expect(second.secret).not.toBe(first.secret);
  const verifies = async (secret: string) => {
    await webhooks.ping(owner, first.webhook.id);
    await worker.sendDue();
    const last = received.at(-1);
    try {
      return Boolean(new Webhook(secret).verify(last?.body ?? '', textOf(last?.headers ?? {})));
    } catch {
      return false; // The signature of this secret is not among them.
    }
  };
  expect([await verifies(first.secret), await verifies(second.secret)]).toEqual([true, true]);
  time += 25 * 3_600_000;
  expect(await verifies(first.secret)).toBe(false);
});

test('addresses of our own network are not sent to, by name or number, and no redirect is followed', async () => {
  const guarded = aHouse({ isAllowed: () => false });
  const port = new URL(url).port;
  for (const target of [`http://127.0.0.1:${port}/`, `http://localhost:${port}/`, `http://[::1]:${port}/`]) {
    const { webhook } = await guarded.webhooks.create(owner, { ...all, url: target });
    await guarded.webhooks.ping(owner, webhook.id);
  }
  while ((await guarded.worker.sendDue()) > 0);
  expect(received).toEqual([]);
  expect(await clone.database.outboxItem.findMany({ select: { state: true, attempts: true } })).toEqual(
    Array.from({ length: 3 }, () => ({ state: 'dead', attempts: 1 })),
  );
  await clone.database.outboxItem.deleteMany();
  const open = aHouse();
  const { webhook } = await open.webhooks.create(owner, { ...all, url });
  answer = () => 302;
  await open.webhooks.ping(owner, webhook.id);
  await open.worker.sendDue();
  expect(received).toHaveLength(1);
  expect((await open.webhooks.deliveries(owner, { limit: 1 })).items[0]?.lastError).toContain('302');
});

test('an endpoint that answers 410 is turned off', async () => {
  const { webhooks, worker } = aHouse();
  const { webhook } = await webhooks.create(owner, { ...all, url });
  answer = () => 410;
  await webhooks.ping(owner, webhook.id);
  await worker.sendDue();
  expect(await webhooks.list(owner)).toMatchObject([{ enabled: false, failed: 1 }]);
});

test('nothing more is sent once its owner is locked', async () => {
  const { webhooks, worker } = aHouse();
  const other = await anOwner(clone.database);
  const { webhook } = await webhooks.create(other, { ...all, url });
  await webhooks.ping(owner, webhook.id);
  await clone.database.user.update({ where: { id: other.userId }, data: { lockedAt: new Date() } });
  await worker.sendDue();
  expect(received).toEqual([]);
  expect((await webhooks.deliveries(owner, { limit: 5 })).items).toMatchObject([{ state: 'dead', attempts: 1 }]);
});

test('what the process died of at every try is given up', async () => {
  const { webhooks, worker } = aHouse();
  const { webhook } = await webhooks.create(owner, { ...all, url });
  await webhooks.ping(owner, webhook.id);
  await clone.database.outboxItem.updateMany({ data: { attempts: 10 } });
  await worker.sendDue();
  expect(received).toEqual([]);
  expect((await webhooks.deliveries(owner, { limit: 5 })).items).toMatchObject([{ state: 'dead' }]);
});

test('two workers side by side send each delivery once', async () => {
  const { webhooks, worker } = aHouse();
  const other = aHouse().worker;
  const { webhook } = await webhooks.create(owner, { ...all, url });
  for (let count = 0; count < 12; count += 1) await webhooks.ping(owner, webhook.id);
  const rounds = await Promise.all([worker.sendDue(), other.sendDue(), worker.sendDue(), other.sendDue()]);
  expect(rounds.reduce((sum, count) => sum + count, 0)).toBe(12);
  expect(received).toHaveLength(12);
});

test('webhooks in any number do not keep back what is due of another kind', async () => {
  const { webhooks, worker } = aHouse();
  const { webhook } = await webhooks.create(owner, { ...all, url });
  for (let count = 0; count < 20; count += 1) await webhooks.ping(owner, webhook.id);
  const left: unknown[] = [];
  worker.carry({
    name: 'note',
    payload: z.object({ text: z.string() }),
    deliver: async (note) => {
      left.push(note);
      return {};
    },
  });
  const outbox = new Outbox({ sealer: createSealer('0123456789abcdef'), now });
  await outbox.put(clone.database, { kind: 'note', summary: {}, payload: { text: 'the link' } });
  await worker.sendDue();
  expect(left).toEqual([{ text: 'the link' }]);
});

test('the secret and the path of an address are in no list, and nobody without the permission sees any of it', async () => {
  const { webhooks } = aHouse();
  const { webhook, secret } = await webhooks.create(owner, { ...all, url });
  await webhooks.ping(owner, webhook.id);
  expect(JSON.stringify([await webhooks.list(owner), await clone.database.outboxItem.findMany()])).not.toContain(
    secret,
  );
  expect(JSON.stringify((await webhooks.deliveries(owner, { limit: 5 })).items)).not.toContain('s3cret');
  for (const actor of [anActor(), { type: 'anonymous' } as const]) {
    await expect(webhooks.list(actor)).rejects.toMatchObject({ status: actor.type === 'user' ? 403 : 401 });
    await expect(webhooks.create(actor, { ...all, url })).rejects.toMatchObject({
      status: actor.type === 'user' ? 403 : 401,
    });
    await expect(webhooks.replay(actor, webhook.id)).rejects.toMatchObject({
      status: actor.type === 'user' ? 403 : 401,
    });
  }
});

test('there are fifty webhooks at most, also where several are made side by side', async () => {
  const { webhooks } = aHouse();
  const one = { ...all, url: 'https://hooks.example/x', ownerId: owner.userId, sealedSecret: Uint8Array.of(1) };
  await clone.database.webhookEndpoint.createMany({
    data: Array.from({ length: 48 }, () => ({ ...one, id: randomUUID() })),
  });
  const made = await Promise.allSettled(Array.from({ length: 5 }, () => webhooks.create(owner, { ...all, url })));
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  expect(made.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'CONFLICT', details: { reason: 'full' } },
  });
  expect(await clone.database.webhookEndpoint.count()).toBe(50);
});
