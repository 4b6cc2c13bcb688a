import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

import { afterEach, expect, test } from 'vitest';

import { createAddressGuard } from '../guard/address-guard.ts';
import { openHls } from './open-hls.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** A server that notes who shows which credentials. */
async function aServer(seen: Map<string, string>, name: string, handle: Handler): Promise<string> {
  const server = createServer((request, response) => {
    const { url = '', headers } = request;
    seen.set(`${name} ${url}`, `${seen.get(`${name} ${url}`) ?? ''}${headers.authorization ?? 'none'};`);
    handle(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => {
      server.close(resolve);
    });
  });
  const bound = server.address();
  return `127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`;
}
type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const basic = `Basic ${Buffer.from('u:p').toString('base64')};`;
const open = (camera: string) => {
  const guard = createAddressGuard({ allowedCidrs: ['127.0.0.1/32'] });
  closers.push(() => guard.close());
  const options = { address: `http://u:p@${camera}/live.m3u8`, guard, signal: AbortSignal.timeout(8000) };
  return openHls(options, () => {});
};
const list = (...segments: string[]) =>
  ['#EXTM3U', '#EXT-X-TARGETDURATION:2', ...segments.flatMap((uri) => ['#EXTINF:2,', uri]), '#EXT-X-ENDLIST'].join(
    '\n',
  );

test('a variant on another host does not get the credentials of the camera', async () => {
  const seen = new Map<string, string>();
  const other = await aServer(seen, 'other', (_request, response) => response.writeHead(404).end());
  const camera = await aServer(seen, 'camera', (_request, response) =>
    response.end(`#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nhttp://${other}/variant.m3u8\n`),
  );
  await expect(open(camera)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(Object.fromEntries(seen)).toEqual({ 'camera /live.m3u8': basic, 'other /variant.m3u8': 'none;' });
});

test('a list that the camera redirects to another host takes no credentials there, and segments on the camera still get them', async () => {
  const seen = new Map<string, string>();
  let camera = '';
  const other = await aServer(seen, 'other', (request, response) => {
    if (request.url === '/list.m3u8') response.end(list('segment.ts', `http://${camera}/segment.ts`));
    else response.end('x');
  });
  camera = await aServer(seen, 'camera', (request, response) => {
    if (request.url === '/live.m3u8') response.writeHead(302, { location: `http://${other}/list.m3u8` }).end();
    else response.writeHead(403).end();
  });
  await expect(open(camera)).rejects.toMatchObject({ code: 'AUTH_REFUSED' });
  expect(Object.fromEntries(seen)).toEqual({
    'camera /live.m3u8': basic,
    'other /list.m3u8': 'none;none;',
    'other /segment.ts': 'none;',
    'camera /segment.ts': basic,
  });
});
