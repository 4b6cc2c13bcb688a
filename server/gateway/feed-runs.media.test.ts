import { encode } from 'next-auth/jwt';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { openDatabase, type Database } from '#server/platform/db.ts';
import { openTemplate, teardown } from '#server/testing/database-template.ts';
import { withDatabase } from '#server/testing/database-url.ts';
import { anOwner } from '#server/testing/factories.ts';
import { aFeedsService } from '#server/testing/feed-server.ts';
import { aServer, authSecret, startGateway, urlOf } from '#server/testing/gateway-process.ts';

let database: Database;
let databaseUrl: string;

beforeAll(async () => {
  const { serverUrl, template } = await openTemplate();
  databaseUrl = withDatabase(serverUrl, template);
  database = openDatabase(databaseUrl, { connectionsMax: 3 });
}, 60_000);
afterAll(async () => {
  await database.$disconnect();
  await teardown();
}, 30_000);

test('an import whose gateway is killed is finished by the next one, each camera once', async () => {
  const total = 6_000;
  const owner = await anOwner(database);
  const feeds = aFeedsService(database);
  const rows = Array.from(
    { length: total },
    (_, index) => `Camera ${index},${(index % 120) - 59.5},${(index % 300) - 149.5},rtsp://cam.example/${index}`,
  );
  const { runId } = await feeds.files.start(owner, {
    name: 'many.csv',
    text: ['name,lat,lon,url', ...rows].join('\n'),
  });
  const web = await aServer((_request, response) => response.end('ok'));
  const options = { databaseUrl, webUrl: urlOf(web) };
  const runNow = () => feeds.run(owner, runId);
  const first = await startGateway(options);
  await vi.waitFor(async () => expect((await runNow()).done).toBeGreaterThan(0), { timeout: 20_000, interval: 20 });
  await first.kill();
  const left = await runNow();
  expect(left.state).toBe('running');
  expect(left.done).toBeLessThan(total);
  const second = await startGateway(options);
  try {
    await vi.waitFor(async () => expect((await runNow()).state).toBe('done'), { timeout: 40_000, interval: 200 });
    expect(await runNow()).toMatchObject({ total, done: total, added: total, changed: 0, unchanged: 0, fault: null });
    expect(await database.camera.count()).toBe(total);
    expect(await database.stream.count()).toBe(total);
  } finally {
    await second.stop();
    web.close();
  }
}, 90_000);

test('a file of megabytes is taken over HTTP from the owner, from nobody else, and done by the job queue', async () => {
  const owner = await anOwner(database);
  await database.session.create({
    data: { id: owner.credential.id, userId: owner.userId, expiresAt: new Date(Date.now() + 3_600_000) },
  });
  const token = await encode({ token: { sid: owner.credential.id }, secret: authSecret });
  const web = await aServer((_request, response) => response.end('ok'));
  const gateway = await startGateway({ databaseUrl, webUrl: urlOf(web) });
  try {
    const call = (procedure: string, input: unknown, cookie: string) =>
      fetch(`${gateway.base}/trpc/${procedure}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(cookie === '' ? {} : { cookie }) },
        body: JSON.stringify({ json: input }),
      });
    const text = `name,lat,lon,url,note\nPort,35.4,139.6,https://cam.example/port.jpg,${'x'.repeat(3_000_000)}\n`;
    const file = { name: 'large.csv', text };
    expect((await call('feeds.importFile', file, '')).status).toBe(413);
    const answer = await call('feeds.importFile', file, `next-auth.session-token=${token}`);
    expect(answer.status).toBe(200);
    await vi.waitFor(
      async () => {
        const run = await database.importRun.findFirst({ where: { source: 'file:large.csv' } });
        expect(run).toMatchObject({ state: 'done', added: 1, pending: null });
      },
      { timeout: 20_000, interval: 200 },
    );
    expect(await (await fetch(`${gateway.base}/api/v1/feeds`)).json()).toMatchObject({ items: { length: 11 } });
  } finally {
    await gateway.stop();
    web.close();
  }
}, 60_000);
