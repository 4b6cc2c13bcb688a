import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { Agent, get } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';

import { generate } from 'selfsigned';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';

import { silentLog } from '#server/testing/factories.ts';

import { CertificateFiles } from './certificate.ts';
import { openPublicServer } from './public-server.ts';

const patient = { timeout: 10_000, interval: 20 };
const sockets = new WebSocketServer({ noServer: true });
const gateway: Parameters<typeof openPublicServer>[0] = {
  upgrades: (request) => request.url === '/ws',
  onRequest: (request, response) => {
    response.end(`${request.httpVersion} ${request.url}`);
  },
  onUpgrade: (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (link) => link.on('message', (data: Buffer) => link.send(data))),
};

let folder = '';
let files: CertificateFiles;
let server: ReturnType<typeof openPublicServer>;
let port = 0;

async function writeCertificate(): Promise<void> {
  const pems = await generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048 });
  await writeFile(join(folder, 'key.pem'), pems.private);
  await writeFile(join(folder, 'cert.pem'), pems.cert);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certificate-'));
  await writeCertificate();
  files = new CertificateFiles({
    certFile: join(folder, 'cert.pem'),
    keyFile: join(folder, 'key.pem'),
    log: silentLog,
    everyMs: 50,
  });
  server = openPublicServer(gateway, files.read());
  await server.listen(0, '127.0.0.1');
  port = server.port() ?? 0;
});

afterEach(async () => {
  files.close();
  const closed = server.close();
  server.cut();
  await closed;
  await rm(folder, { recursive: true });
});

/** The version that was agreed on, or what the server said against it. */
async function handshake(options: ConnectionOptions): Promise<string> {
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
  try {
    await once(socket, 'secureConnect');
    return `${socket.getProtocol()} ${String(socket.alpnProtocol)}`;
  } catch (error) {
    return String(error);
  } finally {
    socket.destroy();
  }
}

async function fingerprint(): Promise<string> {
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

const answerTo = (request: ClientRequest) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).once('error', reject);
  });

async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

const only = (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') => ({ minVersion: version, maxVersion: version });

test('TLS 1.2 and 1.3 are spoken, 1.3 where both can, and 1.1 is refused', async () => {
  const old = await handshake({ ...only('TLSv1.1'), ciphers: 'DEFAULT@SECLEVEL=0' });
  expect(old).toMatch(/alert protocol version|ECONNRESET/);
  expect(await handshake(only('TLSv1.2'))).toBe('TLSv1.2 false');
  expect(await handshake(only('TLSv1.3'))).toBe('TLSv1.3 false');
  expect(await handshake({ ALPNProtocols: ['h2', 'http/1.1'] })).toBe('TLSv1.3 h2');
});

test('one port answers HTTP/2 and HTTP/1.1', async () => {
  const session = connectHttp2(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
  const stream = session.request({ ':path': '/two' });
  expect(await textOf(stream)).toBe('2.0 /two');
  session.close();
  const answer = await answerTo(get({ port, path: '/one', rejectUnauthorized: false }));
  expect(await textOf(answer)).toBe('1.1 /one');
});

test('a WebSocket is upgraded over TLS', async () => {
  const link = new WebSocket(`wss://127.0.0.1:${port}/ws`, { rejectUnauthorized: false });
  await once(link, 'open');
  const echoed = once(link, 'message');
  link.send('hello');
  expect(String((await echoed)[0])).toBe('hello');
  link.close();
  await once(link, 'close');
});

test('a renewed certificate is shown to who comes, and who is there stays', async () => {
  files.watch(server.renew);
  const before = await fingerprint();
  const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
  const ask = async () => {
    const request = get({ port, path: '/', agent });
    const answer = await answerTo(request);
    await textOf(answer);
    return { reused: request.reusedSocket, status: answer.statusCode };
  };
  await ask();
  await writeCertificate();
  await vi.waitFor(async () => expect(await fingerprint()).not.toBe(before), patient);
  expect(await ask()).toEqual({ reused: true, status: 200 });
  agent.destroy();
});

test('a certificate that does not fit its key is not taken, and the old one stays', async () => {
  let renewed = 0;
  files.watch((certificate) => {
    renewed += 1;
    server.renew(certificate);
  });
  const before = await fingerprint();
  const other = await generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048 });
  await writeFile(join(folder, 'cert.pem'), other.cert);
  files.reload();
  expect([renewed, await fingerprint()]).toEqual([0, before]);
  await writeFile(join(folder, 'key.pem'), other.private);
  files.reload();
  expect(await fingerprint()).not.toBe(before);
});

test('headers beyond 16 KiB are refused', async () => {
  const plain = openPublicServer(gateway, null);
  await plain.listen(0, '127.0.0.1');
  const socket = connectTcp({ port: plain.port() ?? 0, host: '127.0.0.1' });
  socket.write(`GET / HTTP/1.1\r\nhost: a\r\nx-long: ${'a'.repeat(20_000)}\r\n\r\n`);
  const answer: unknown[] = await once(socket, 'data');
  expect(String(answer[0])).toMatch(/^HTTP\/1\.1 431 /);
  socket.destroy();
  const closed = plain.close();
  plain.cut();
  await closed;
});
