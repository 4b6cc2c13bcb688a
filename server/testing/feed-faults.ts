import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';

import { jamCams, sendsJson } from './feed-server.ts';

/** A hundred members of a MiB each: packing them in one piece would hold up the double. */
const member = gzipSync(Buffer.alloc(1_048_576));
const bomb = Buffer.concat(Array.from({ length: 100 }, () => member));
const page = '<!doctype html><html><body>We will be back soon.</body></html>';
/** What a publisher can do to us: what it is called in a test, the fault that it is to be, how it answers. */
export const feedFaults: [string, string, RequestListener][] = [
  ['answers 500', 'UNREACHABLE', (_, response) => response.writeHead(500).end('no')],
  ['wants a key', 'REFUSED', (_, response) => response.writeHead(401).end('no')],
  ['wants to be left alone', 'BUSY', (_, response) => response.writeHead(429, { 'retry-after': '900' }).end()],
  ['answers a web page', 'HTML', (_, response) => response.writeHead(200).end(page)],
  ['answers half of it', 'NOT_JSON', (_, response) => response.writeHead(200).end('[{"id": "Jam')],
  ['answers another document', 'SHAPE', (_, response) => response.writeHead(200).end('{"message": "moved"}')],
  ['lists nothing', 'EMPTY', (_, response) => response.writeHead(200).end('[]')],
  ['lists the sea off Africa', 'EMPTY', sendsJson(jamCams(5, () => ({ lat: 0, lon: 0 })))],
  [
    'writes another encoding',
    'CHARSET',
    (_, response) => response.writeHead(200).end(Buffer.from('["\xe9"]', 'latin1')),
  ],
  ['says nothing', 'TIMED_OUT', () => {}],
  ['hangs up', 'UNREACHABLE', (request) => void request.socket.destroy()],
  [
    'breaks off within gzip',
    'DAMAGED',
    (_, response) =>
      response
        .writeHead(200, { 'content-encoding': 'gzip' })
        .end(gzipSync(JSON.stringify(jamCams(500))).subarray(0, 900)),
  ],
  [
    'unpacks to 100 MB',
    'TOO_LARGE',
    (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
  ],
  ['never ends', 'TOO_LARGE', (_, response) => endless(response)],
  [
    'leads inside by address',
    'ADDRESS_FORBIDDEN',
    (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  ],
  [
    'leads inside by name',
    'ADDRESS_FORBIDDEN',
    (_, response) => response.writeHead(302, { location: 'http://localhost:1/' }).end(),
  ],
  [
    'leads to a file',
    'ADDRESS_FORBIDDEN',
    (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  ],
  ['leads in a ring', 'REFUSED', (_, response) => response.writeHead(302, { location: '/jamcams' }).end()],
];

function endless(response: Parameters<RequestListener>[1]): void {
  const block = Buffer.alloc(262_144, 0x20);
  const more = () => {
    while (!response.destroyed && response.write(block)) {
      // As fast as it is taken.
    }
  };
  response.writeHead(200).on('drain', more);
  more();
}
