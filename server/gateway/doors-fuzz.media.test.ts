import type { Server } from 'node:http';

import { hash } from '@node-rs/argon2';
import fc from 'fast-check';
import { encode } from 'next-auth/jwt';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { errorBody } from '#server/contracts/error-code.ts';
import { openDatabase, type Database } from '#server/platform/db.ts';
import { openTemplate, teardown } from '#server/testing/database-template.ts';
import { withDatabase } from '#server/testing/database-url.ts';
import { anOwner } from '#server/testing/factories.ts';
import { aServer, authSecret, startGateway, urlOf } from '#server/testing/gateway-process.ts';
import { fuzzedOperations } from '#server/testing/openapi-arbitrary.ts';

/** Every operation of the document, with what fits its schemas and what does not: whatever is sent, the fault is never ours. */
let database: Database;
let gateway: Awaited<ReturnType<typeof startGateway>>;
let web: Server;
let cookie = '';

/** They speak to an ingest node, and here is none: 503 says so. */
const needIngest = new Set(['camerasDiagnose', 'discoveryDevices', 'discoveryStreams']);
const requestsEach = 4;

beforeAll(async () => {
  const { serverUrl, template } = await openTemplate();
  const databaseUrl = withDatabase(serverUrl, template);
  database = openDatabase(databaseUrl, { connectionsMax: 2 });
  const owner = await anOwner(database);
  await database.user.update({
    where: { id: owner.userId },
    data: { passwordHash: await hash('nobody tries this one') },
  });
  await database.session.create({
    data: { id: owner.credential.id, userId: owner.userId, expiresAt: new Date(Date.now() + 3_600_000) },
  });
  cookie = `next-auth.session-token=${await encode({ token: { sid: owner.credential.id }, secret: authSecret })}`;
  web = await aServer((_request, response) => response.end('page'));
  gateway = await startGateway({ databaseUrl, webUrl: urlOf(web), env: { RATE_LIMIT_FACTOR: '1000' } });
}, 90_000);

afterAll(async () => {
  await gateway.stop();
  web.closeAllConnections();
  web.close();
  await database.$disconnect();
  await teardown();
}, 30_000);

test('no operation answers a request with a fault of ours, and every refusal has the one shape', async () => {
  const document: unknown = await (await fetch(`${gateway.base}/api/openapi.json`)).json();
  const faults: string[] = [];
  const statuses = new Map<number, number>();
  for (const { id, method, request } of fuzzedOperations(document)) {
    for (const { path, body } of fc.sample(request, { numRuns: requestsEach, seed: 20_261_122 })) {
      for (const as of [cookie, '']) {
        // One after the other, so that a fault has one cause.
        const answer = await fetch(`${gateway.base}/api/v1${path}`, {
          method,
          headers: { ...(as && { cookie: as }), ...(body !== null && { 'content-type': 'application/json' }) },
          ...(body !== null && method !== 'GET' && { body }),
          signal: AbortSignal.timeout(20_000),
        });
        const text = await answer.text();
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        const said = `${id}: ${method} ${path} ${body ?? ''} → ${String(answer.status)} ${text.slice(0, 300)}`;
        const isExcused = needIngest.has(id) && (answer.status === 503 || answer.status === 504);
        if (answer.status >= 500 && !isExcused) faults.push(said);
        else if (answer.status >= 400 && !errorBody.safeParse(JSON.parse(text)).success) faults.push(`shape: ${said}`);
      }
    }
  }
  expect(faults).toEqual([]);
  // Requests came through, and were refused for what they are.
  expect(statuses.get(200) ?? 0).toBeGreaterThan(20);
  expect(statuses.get(400) ?? 0).toBeGreaterThan(20);
  expect(statuses.get(401) ?? 0).toBeGreaterThan(20);
}, 180_000);
