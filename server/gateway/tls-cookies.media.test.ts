import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { encode } from 'next-auth/jwt';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, expect, test } from 'vitest';

import type { UserActor } from '#server/contracts/identity.ts';
import { openDatabase, type Database } from '#server/platform/db.ts';
import { openTemplate, teardown } from '#server/testing/database-template.ts';
import { withDatabase } from '#server/testing/database-url.ts';
import { aCameraInput, anOwner, aSourcesService } from '#server/testing/factories.ts';
import { aServer, authSecret, startGateway, urlOf } from '#server/testing/gateway-process.ts';

/** A browser that reaches the house by its own certificate. */
let database: Database;
let web: Server;
let gateway: Awaited<ReturnType<typeof startGateway>>;
let owner: UserActor;
let streamId = '';
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certificate-'));
  const pems = await generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048 });
  const [TLS_CERT, TLS_KEY] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await writeFile(TLS_CERT, pems.cert);
  await writeFile(TLS_KEY, pems.private);
  const { serverUrl, template } = await openTemplate();
  const databaseUrl = withDatabase(serverUrl, template);
  database = openDatabase(databaseUrl, { connectionsMax: 3 });
  owner = await anOwner(database);
  ({ streamId } = await aSourcesService(database).create(owner, aCameraInput({ visibility: 'private' })));
  web = await aServer((_request, response) => response.end('page'));
  gateway = await startGateway({ databaseUrl, webUrl: urlOf(web), env: { TLS_CERT, TLS_KEY } });
}, 90_000);

afterAll(async () => {
  await gateway.stop();
  web.close();
  await database.$disconnect();
  await teardown();
  await rm(folder, { recursive: true });
}, 30_000);

/** What the page that signs in puts into the browser. */
async function aSession(): Promise<string> {
  const id = randomUUID();
  await database.session.create({
    data: { id, userId: owner.userId, expiresAt: new Date(Date.now() + 3_600_000), provedAt: new Date() },
  });
  return `next-auth.session-token=${await encode({ token: { sid: id }, secret: authSecret })}`;
}

interface Answer {
  status: number | undefined;
  cookies: string[];
  body: unknown;
}

function ask(path: string, { cookie, write }: { cookie: string; write?: object }): Promise<Answer> {
  const headers = { cookie, ...(write && { origin: gateway.base, 'content-type': 'application/json' }) };
  const method = write ? 'POST' : 'GET';
  return new Promise((resolve, reject) => {
    const asked = request(`${gateway.base}${path}`, { method, headers, rejectUnauthorized: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.on('end', () => {
        const cookies = answer.headers['set-cookie'] ?? [];
        const body: unknown = text === '' ? null : JSON.parse(text);
        resolve({ status: answer.statusCode, cookies, body });
      });
    });
    asked.on('error', reject);
    asked.end(write && JSON.stringify(write));
  });
}

const whoIs = (cookie: string) => ask('/api/v1/account/me', { cookie });

test('a session counts by the name that only a browser over TLS gives it, until it is signed out', async () => {
  const session = await aSession();
  expect(await whoIs(`__Host-${session}`)).toMatchObject({ status: 200, body: { id: owner.userId } });
  // As a neighbour of the domain, or an open line, could have planted it.
  for (const planted of [session, `__Secure-${session}`]) expect(await whoIs(planted)).toMatchObject({ status: 404 });
  const out = await ask('/trpc/identity.signOut', { cookie: `__Host-${session}`, write: {} });
  expect(out.status).toBe(200);
  expect(await whoIs(`__Host-${session}`)).toMatchObject({ status: 404 });
});

test('what the house puts into the browser itself is for TLS, its scripts never see it, and no plain name opens it', async () => {
  const cookie = `__Host-${await aSession()}`;
  const viewed = await database.user.create({
    data: { id: randomUUID(), email: 'viewed@example.org', name: 'Viewed', userName: 'viewed' },
  });
  const look = await ask('/trpc/users.viewAs', { cookie, write: { json: { id: viewed.id } } });
  expect(look.cookies).toEqual([
    expect.stringMatching(/^__Host-[\w.-]+=[0-9a-f-]{36}; Path=\/; Max-Age=1800; HttpOnly; SameSite=Lax; Secure$/i),
  ]);
  const [pair = ''] = (look.cookies[0] ?? '').split(';');
  expect(await whoIs(`${cookie}; ${pair}`)).toMatchObject({ body: { id: viewed.id, viewedBy: owner.name } });
  expect(await whoIs(`${cookie}; ${pair.replace('__Host-', '')}`)).toMatchObject({ body: { id: owner.userId } });

  const path = `/media/${streamId}`;
  const token = await ask(`/api/v1/streams/${streamId}/playback-tokens`, { cookie, write: {} });
  expect(token.cookies).toEqual([
    expect.stringMatching(new RegExp(`^__Secure-[\\w.-]+=[^;]+; Path=${path};.* Secure$`)),
  ]);
  const [playback = ''] = (token.cookies[0] ?? '').split(';');
  // No slicer holds it here: whoever may watch is told so, whoever may not is asked who they are.
  expect((await ask(`${path}/index.m3u8`, { cookie: playback })).status).toBe(503);
  expect((await ask(`${path}/index.m3u8`, { cookie: playback.replace('__Secure-', '') })).status).toBe(401);
});
