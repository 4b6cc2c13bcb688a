import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, Server } from 'node:http';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { encode } from 'next-auth/jwt';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { errorBody } from '#server/contracts/error-code.ts';
import { cloneDatabase } from '#server/testing/database.ts';
import { anOwner } from '#server/testing/factories.ts';
import { aServer, authSecret, startGateway, urlOf } from '#server/testing/gateway-process.ts';

/** What the public port does with those who mean harm: a gateway with a fiftieth of every limit. */
const factor = 0.02;
const apiLimit = 20;

let clone: Awaited<ReturnType<typeof cloneDatabase>>;
let gateway: Awaited<ReturnType<typeof startGateway>>;
let web: Server;
let base = '';
let cookie = '';
let asked: IncomingMessage['headers'] = {};
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  clone = await cloneDatabase();
  web = await aServer((request, response) => {
    asked = request.headers;
    response.setHeader('content-type', 'text/html').end('<!doctype html>');
  });
  gateway = await startGateway({
    databaseUrl: clone.url,
    webUrl: urlOf(web),
    env: { RATE_LIMIT_FACTOR: String(factor), TRUSTED_PROXIES: '1' },
  });
  base = gateway.base;
  cookie = await aSession();
}, 30_000);

afterAll(async () => {
  await gateway.stop();
  for (const close of closers) await close();
  web.closeAllConnections();
  web.close();
  await clone[Symbol.asyncDispose]();
}, 20_000);

async function aSession(): Promise<string> {
  const { userId, credential } = await anOwner(clone.database);
  const expiresAt = new Date(Date.now() + 3_600_000);
  await clone.database.session.create({ data: { id: credential.id, userId, expiresAt } });
  return `next-auth.session-token=${await encode({ token: { sid: credential.id }, secret: authSecret })}`;
}

/** Each test has an address of its own, as the proxy in front of the gateway tells it. */
let addresses = 0;
const anAddress = () => `192.0.2.${(addresses += 1)}`;
interface Asked {
  ip?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}
const ask = (path: string, { ip = anAddress(), ...init }: Asked = {}) =>
  fetch(`${base}${path}`, { ...init, redirect: 'manual', headers: { ...init.headers, 'x-forwarded-for': ip } });
const bodyOf = async (response: Response) => errorBody.parse(await response.json()).error;

test('no door that changes something takes a request from a page of another site', async () => {
  const doors = [
    ['POST', '/trpc/cameras.create'],
    ['POST', '/api/v1/cameras'],
    ['POST', '/api/cameras'],
    ['PATCH', `/api/v1/cameras/${randomUUID()}`],
    ['PUT', `/api/v1/account/picture`],
    ['DELETE', `/api/v1/cameras/${randomUUID()}`],
    ['POST', '/api/auth/callback/credentials'],
    ['POST', '/api/auth/signout'],
    ['POST', '/api/auth/login'],
    ['POST', '/api/v1/auth/register'],
    ['POST', '/login'],
    ['POST', '/signup'],
    ['POST', '/password-reset'],
    ['POST', '/mcp'],
    ['POST', '/'],
  ] as const;
  const ofOthers: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: base.replace('127.0.0.1', 'other.127.0.0.1') },
    { referer: 'https://evil.example/' },
    { origin: 'https://evil.example', authorization: 'Bearer a' },
  ];
  for (const [method, path] of doors) {
    for (const headers of ofOthers) {
      const answer = await ask(path, {
        method,
        headers: { cookie, 'content-type': 'application/json', ...headers },
        body: '{}',
      });
      expect([method, path, answer.status]).toEqual([method, path, 403]);
      expect(await bodyOf(answer)).toMatchObject({ code: 'FORBIDDEN' });
    }
  }
});

test('what a machine sends with a key and without a cookie needs no origin', async () => {
  for (const headers of [{ authorization: 'Bearer nothing' }, { 'x-api-key': 'nothing' }]) {
    const answer = await ask('/api/v1/cameras', { method: 'POST', headers, body: '{}' });
    // The key is no good, which is another matter.
    expect(answer.status).toBe(401);
  }
});

test('the request after the last one is told when to come again, and others are served on', async () => {
  const ip = anAddress();
  const answers: Response[] = [];
  for (let index = 0; index <= apiLimit; index += 1) answers.push(await ask('/api/v1/health', { ip }));
  const limits = answers.map(({ headers }) => Number(headers.get('ratelimit-limit')));
  expect(new Set(limits)).toEqual(new Set([apiLimit]));
  expect(Number(answers[0]?.headers.get('ratelimit-remaining'))).toBe(apiLimit - 1);
  const last = answers.at(-1);
  if (!last) throw new Error('nothing was asked');
  expect(answers.slice(0, -1).some(({ status }) => status === 429)).toBe(false);
  expect(last.status).toBe(429);
  expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(50);
  expect(Number(last.headers.get('ratelimit-reset'))).toBe(Number(last.headers.get('retry-after')));
  expect(last.headers.get('ratelimit-remaining')).toBe('0');
  expect(await bodyOf(last)).toMatchObject({ code: 'TOO_MANY_REQUESTS', details: { limit: 'api' } });
  expect((await ask('/api/v1/health')).status).not.toBe(429);
});

test('a person is counted as themselves from wherever they come, and a batch by its procedures', async () => {
  const own = await aSession();
  const input = encodeURIComponent(JSON.stringify({ 0: {}, 1: {} }));
  const batch = () => ask(`/trpc/identity.me,identity.me?batch=1&input=${input}`, { headers: { cookie: own } });
  for (let index = 0; index < apiLimit / 2; index += 1) expect((await batch()).status).toBe(200);
  expect((await batch()).status).toBe(429);
});

test('tries to sign in are few from one address, at every door together', async () => {
  const ip = anAddress();
  const form = { method: 'POST', ip, headers: { origin: base, 'content-type': 'application/json' } } as const;
  await ask('/api/auth/callback/credentials', { ...form, body: '{}' });
  const answer = await ask('/login', { ...form, body: '{"username":"a","password":"b"}' });
  expect(answer.status).toBe(429);
  expect(await bodyOf(answer)).toMatchObject({ details: { limit: 'signIn' } });
  expect((await ask('/login', { ip })).status).toBe(200);
});

test('who guesses keys is not looked up for long', async () => {
  const ip = anAddress();
  const guess = () => ask('/api/v1/cameras', { ip, headers: { 'x-api-key': `sns_${randomUUID()}` } });
  expect((await guess()).status).toBe(401);
  const statuses = [(await guess()).status, (await guess()).status];
  expect(statuses).toEqual([429, 429]);
});

test('a nonce stands in the policy of every document, is told to who makes it, and is another each time', async () => {
  const nonces = new Set<string>();
  for (const path of ['/', '/cameras', '/nothing-here']) {
    const answer = await ask(path, {
      headers: { accept: 'text/html', 'content-security-policy': "script-src 'nonce-mine'" },
    });
    const policy = answer.headers.get('content-security-policy') ?? '';
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
    expect(asked['content-security-policy']).toBe(policy);
    expect(nonce.length).toBeGreaterThan(20);
    expect(policy).not.toContain("'unsafe-inline' 'strict-dynamic'");
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(3);
});

test('what is no document may load nothing at all', async () => {
  for (const path of ['/api/v1/health', '/api/nothing', '/trpc/identity.me', `/media/${randomUUID()}/index.m3u8`]) {
    const answer = await ask(path);
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  }
});

test('a page that is not there yet waits with a style of its nonce', async () => {
  const alone = await startGateway({ databaseUrl: clone.url, webUrl: 'http://127.0.0.1:1' });
  closers.push(() => alone.stop());
  const answer = await fetch(`${alone.base}/`, { headers: { accept: 'text/html' } });
  const nonce = /'nonce-([^']+)'/.exec(answer.headers.get('content-security-policy') ?? '')?.[1] ?? 'none';
  expect(answer.status).toBe(503);
  expect(await answer.text()).toContain(`<style nonce="${nonce}">`);
});

test('requests out of all proportion are refused before they are read', async () => {
  const deep = '['.repeat(4000) + ']'.repeat(4000);
  const json = { 'content-type': 'application/json', cookie: await aSession() };
  const cases: [Promise<Response>, number][] = [
    [ask(`/trpc/${Array.from({ length: 51 }, () => 'identity.me').join(',')}?batch=1`), 400],
    [ask(`/trpc/identity.me?input=${deep}`), 400],
    [ask(`/?${'a'.repeat(9000)}`), 413],
    [ask('/api/v1/cameras', { method: 'POST', headers: json, body: `{"name":${deep}}` }), 400],
    [ask('/api/v1/cameras', { method: 'POST', headers: json, body: `{"a":[${'0,'.repeat(150_000)}0]}` }), 400],
    [
      ask('/api/v1/auth/login', { method: 'POST', headers: json, body: JSON.stringify({ a: 'x'.repeat(70_000) }) }),
      413,
    ],
    [ask('/login', { method: 'POST', headers: { origin: base }, body: 'x'.repeat(70_000) }), 413],
  ];
  for (const [answer, status] of cases) expect((await answer).status).toBe(status);
});

test('metrics of the public port are for who may read them, those of the inner door for the machine', async () => {
  expect((await ask('/metrics')).status).toBe(401);
  const mine = await ask('/metrics', { headers: { cookie: await aSession() } });
  expect(mine.status).toBe(200);
  const text = await mine.text();
  for (const line of [
    'sensorium_up{process="gateway",service="gateway"} 1',
    'sensorium_up{process="postgres",service="gateway"} 1',
    'sensorium_up{process="slicer",service="gateway"} 0',
    'sensorium_up{process="supervisor",service="gateway"} 0',
    'sensorium_limit_refusals_total{limit="api"',
    'sensorium_http_request_seconds_bucket{',
    'sensorium_websocket_connections{door="control"',
    'sensorium_database{value="connections"',
  ])
    expect(text).toContain(line);
  expect((await fetch(`http://${gateway.internal}/metrics`)).status).toBe(200);
});

test('what the processes say to each other is not there for the outside', async () => {
  const answer = await ask('/internal/metrics');
  expect([answer.status, (await bodyOf(answer)).code]).toEqual([404, 'NOT_FOUND']);
});

test('over TLS browsers are told to stay there, and the pages that they were reached that way', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'certificate-'));
  closers.push(() => rm(folder, { recursive: true }));
  const pems = await generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048 });
  const [TLS_CERT, TLS_KEY] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await writeFile(TLS_CERT, pems.cert);
  await writeFile(TLS_KEY, pems.private);
  const secure = await startGateway({ databaseUrl: clone.url, webUrl: urlOf(web), env: { TLS_CERT, TLS_KEY } });
  closers.push(() => secure.stop());
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${secure.base}/`, { rejectUnauthorized: false }, resolve).on('error', reject);
  });
  answer.resume();
  expect(answer.headers['strict-transport-security']).toMatch(/^max-age=\d{8}/);
  expect(asked['x-forwarded-proto']).toBe('https');
});

test('a try at a password counts however its address is spelled', async () => {
  const body = JSON.stringify({ username: 'nobody@example.org', password: 'not the password' });
  const spellings = ['/trpc//auth.login', '/trpc/auth.log%69n', '/api/v1/auth/log%69n', '/api/v1//auth/login/'];
  for (const spelling of spellings) {
    const ip = anAddress();
    const attempt = (path: string) =>
      ask(path, { ip, method: 'POST', headers: { 'content-type': 'application/json' }, body });
    await attempt('/api/v1/auth/login');
    expect([spelling, (await attempt(spelling)).status]).toEqual([spelling, 429]);
  }
});

test('a form of nothing but names is refused at once', async () => {
  const body = Array.from({ length: 12_000 }, (_, index) => index.toString(36)).join('&');
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await ask('/api/v1/auth/login', { method: 'POST', headers, body });
  expect(answer.status).toBe(400);
  expect((await bodyOf(answer)).details).toHaveProperty('fields');
});

test('what everybody with an account may send is no larger than a picture', async () => {
  const body = JSON.stringify({ base64: 'A'.repeat(13 * 1024 * 1024) });
  const headers = { cookie, 'content-type': 'application/json' };
  expect((await ask('/api/v1/account/picture', { method: 'PUT', headers, body })).status).toBe(413);
});
