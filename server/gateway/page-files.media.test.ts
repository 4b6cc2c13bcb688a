import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { squeezeFiles } from '#server/supervisor/squeeze.ts';
import { boundPort } from '#server/testing/bound-port.ts';

import { createPageFiles } from './page-files.ts';

const script = 'export const answer = 42;\n'.repeat(200);
let folder: string;
let server: Server;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'page-files-'));
  mkdirSync(join(folder, 'static/chunks'), { recursive: true });
  writeFileSync(join(folder, 'static/chunks/a.b-c~1.js'), script);
  writeFileSync(join(folder, 'static/look.css'), 'p { color: red }');
  writeFileSync(join(folder, 'secret.js.br'), 'not yours');
  await squeezeFiles(join(folder, 'static'));
  const answer = createPageFiles(join(folder, 'static'));
  const reply = async (request: IncomingMessage, response: ServerResponse) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    if (!(await answer(request, response, path))) response.writeHead(418).end();
  };
  server = createServer((request, response) => void reply(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(path: string, headers: Record<string, string>, method = 'GET') {
  const port = boundPort(server);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest({ port, host: '127.0.0.1', path, headers, method }, resolve).on('error', reject).end();
  });
  return { status: answer.statusCode, headers: answer.headers, body: await buffer(answer) };
}

describe('scripts and styles of the pages', () => {
  it('come as small as the browser takes them, for a year', async () => {
    const path = '/_next/static/chunks/a.b-c~1.js?v=1';
    const small = await ask(path, { 'accept-encoding': 'gzip, deflate, br' });
    expect(small.headers).toMatchObject({
      'content-encoding': 'br',
      'content-type': 'application/javascript; charset=UTF-8',
      'content-length': String(small.body.length),
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
    });
    expect(brotliDecompressSync(small.body).toString()).toBe(script);
    const plain = await ask(path, { 'accept-encoding': 'gzip' });
    expect(plain.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(plain.body).toString()).toBe(script);
    const style = await ask('/_next/static/look.css', { 'accept-encoding': 'br' });
    expect(style.headers['content-type']).toBe('text/css; charset=UTF-8');
  });

  it('send no body to who asks for the head alone', async () => {
    const head = await ask('/_next/static/look.css', { 'accept-encoding': 'br' }, 'HEAD');
    expect(head.status).toBe(200);
    expect(Number(head.headers['content-length'])).toBeGreaterThan(0);
    expect(head.body.length).toBe(0);
  });

  it.each([
    ['nothing of that name', '/_next/static/chunks/none.js', {}],
    ['a way out of the folder', '/_next/static/../secret.js', {}],
    ['a way out of the folder by codes', '/_next/static/%2e%2e/secret.js', {}],
    ['a way out from within', '/_next/static/chunks/../../secret.js', {}],
    ['another place', '/secret.js', {}],
    ['a part', '/_next/static/look.css', { range: 'bytes=0-3' }],
    ['no coding of ours', '/_next/static/look.css', { 'accept-encoding': 'zstd, br;q=0' }],
  ])('are left to the pages where %s is asked for', async (_, path, headers) => {
    expect((await ask(path, { 'accept-encoding': 'br', ...headers })).status).toBe(418);
  });
});
