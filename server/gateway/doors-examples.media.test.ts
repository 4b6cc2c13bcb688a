import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { encode } from 'next-auth/jwt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { openDatabase, type Database } from '#server/platform/db.ts';
import { openTemplate, teardown } from '#server/testing/database-template.ts';
import { withDatabase } from '#server/testing/database-url.ts';
import { aCameraInput, aSourcesService, anOwner } from '#server/testing/factories.ts';
import { aServer, authSecret, joinAs, startGateway, urlOf } from '#server/testing/gateway-process.ts';

/** The examples as a stranger runs them: with a key of somebody, against a gateway that runs. */
const run = promisify(execFile);
const jpeg = Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex');
let database: Database;
let gateway: Awaited<ReturnType<typeof startGateway>>;
let keeper: Awaited<ReturnType<typeof joinAs>>;
let servers: Server[] = [];
let folder = '';
let key = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'examples-'));
  const { serverUrl, template } = await openTemplate();
  const databaseUrl = withDatabase(serverUrl, template);
  database = openDatabase(databaseUrl, { connectionsMax: 3 });
  const owner = await anOwner(database);
  await database.session.create({
    data: { id: owner.credential.id, userId: owner.userId, expiresAt: new Date(Date.now() + 3_600_000) },
  });
  await aSourcesService(database).create(owner, aCameraInput({ name: 'The only one', visibility: 'private' }));
  const slicer = await aServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'image/jpeg', 'x-capture-time': new Date().toISOString() }).end(jpeg),
  );
  const web = await aServer((_request, response) => response.end('page'));
  servers = [slicer, web];
  gateway = await startGateway({ databaseUrl, webUrl: urlOf(web) });
  keeper = await joinAs('slicer', { internal: gateway.internal, url: urlOf(slicer) });
  const cookie = `next-auth.session-token=${await encode({ token: { sid: owner.credential.id }, secret: authSecret })}`;
  const made = await fetch(`${gateway.base}/api/v1/keys`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'example', permissions: ['camera:view', 'stream:view'] }),
  });
  key = z.object({ secret: z.string() }).parse(await made.json()).secret;
}, 90_000);

afterAll(async () => {
  await keeper.leave();
  await gateway.stop();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await database.$disconnect();
  await teardown();
  await rm(folder, { recursive: true, force: true });
}, 30_000);

const options = (picture: string) => [
  '--url',
  gateway.base,
  '--key',
  key,
  '--seconds',
  '0.2',
  '--picture',
  join(folder, picture),
];

test('the TypeScript client lists, looks and follows with a key, and sees only what is public without one', async () => {
  const { stdout } = await run(process.execPath, ['examples/typescript/look.ts', ...options('ts.jpg')], {
    timeout: 20_000,
  });
  expect(stdout).toMatch(/^1 cameras\n/);
  expect(stdout).toContain('The only one');
  expect(await readFile(join(folder, 'ts.jpg'))).toEqual(jpeg);
  const { stdout: stranger } = await run(process.execPath, ['examples/typescript/look.ts', '--url', gateway.base], {
    timeout: 20_000,
  });
  expect(stranger).toBe('0 cameras\n');
}, 45_000);

test('the tRPC client reads the same with the types of the procedures, and is told the states over the socket', async () => {
  const { stdout } = await run(
    process.execPath,
    ['examples/typescript/trpc.ts', ...options('x').slice(0, 4), '--seconds', '4'],
    { timeout: 25_000 },
  );
  expect(stdout).toContain('The only one');
  expect(stdout).toMatch(/watching\n\S+Z \w+ +The only one/);
}, 40_000);

const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))']).status === 0;
test.skipIf(!hasPython)(
  'the Python client does the same (skipped where there is no Python 3.11)',
  async () => {
    const { stdout } = await run('python3', ['-B', 'examples/python/look.py', ...options('py.jpg')], {
      timeout: 20_000,
    });
    expect(stdout).toMatch(/^1 cameras\n/);
    expect(stdout).toContain('The only one');
    expect(await readFile(join(folder, 'py.jpg'))).toEqual(jpeg);
  },
  30_000,
);

const clients = [
  { name: 'TypeScript', command: [process.execPath, 'examples/typescript/look.ts'] },
  ...(hasPython ? [{ name: 'Python', command: ['python3', '-B', 'examples/python/look.py'] }] : []),
];
test.each(clients)(
  'the $name client says in one line that a key is wrong, that nobody answers, or that it is not the house',
  async ({ command: [file = '', ...first] }) => {
    const fails = (url: string, ...more: string[]) =>
      run(file, [...first, '--url', url, ...more], { timeout: 20_000 }).then(
        () => 'it went well',
        (error: unknown) => z.object({ code: z.number(), stderr: z.string() }).parse(error),
      );
    const [, web] = servers;
    if (!web) throw new Error('the page server is not there');
    const told = await Promise.all([
      fails(gateway.base, '--key', 'sns_aaaaaaaa_wrong'),
      fails('http://127.0.0.1:1'),
      fails(urlOf(web)),
    ]);
    expect(told).toMatchObject([
      { code: 1, stderr: expect.stringMatching(/^UNAUTHENTICATED: [^\n]+\r?\n$/) as unknown },
      {
        code: 1,
        stderr: expect.stringMatching(/^UNREACHABLE: http:\/\/127\.0\.0\.1:1 does not answer\r?\n$/) as unknown,
      },
      { code: 1, stderr: expect.stringMatching(/^HTTP_200: [^\n]+\r?\n$/) as unknown },
    ]);
  },
  60_000,
);
