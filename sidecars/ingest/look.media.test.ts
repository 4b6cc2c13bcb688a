import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';

import { pino } from 'pino';
import { afterAll, afterEach, expect, test, vi } from 'vitest';

import { lookThumbnailBytesMax } from '#server/contracts/look.ts';
import type { PictureRegion } from '#server/contracts/picture-region.ts';
import type { IngestAssignment } from '#server/contracts/sidecar.ts';
import { aLoopbackGuard, startHttp } from '#server/testing/foreign-media.ts';

import { cellProcess } from './cell-process.ts';
import { createLookWard } from './look-ward.ts';
import { takeLook } from './look.ts';
import { withDecodedKey } from './transcode/decode-key.ts';

const clip = fileURLToPath(new URL('../../server/testing/fixtures/clip-320x180.mp4', import.meta.url));
const left: PictureRegion = [
  [0, 0],
  [0.5, 0],
  [0.5, 1],
  [0, 1],
];
const guard = aLoopbackGuard();
const log = pino({ level: 'silent' });
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});
afterAll(() => guard.close());

const aSource = (more: Partial<IngestAssignment['source']>): IngestAssignment['source'] => ({
  kind: 'synthetic',
  address: '',
  options: {},
  label: 'x',
  latitude: 35,
  longitude: 139,
  timeZone: 'UTC',
  ...more,
});
const look = (more: Partial<IngestAssignment['source']>) =>
  takeLook(aSource(more), { guard, log, signal: new AbortController().signal, dataDir: '/nowhere' });

async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = await startHttp(handle);
  closers.push(server.stop);
  return `http://${server.host}/a.jpg`;
}

const drawnJpeg = async () => Buffer.from((await look({ options: { scene: 'test' } })).thumbnail ?? '', 'base64');

/** Highest luma of the left third and of the right third. A mask is 16. */
async function brightest(thumbnail: string | null) {
  const unit = { payload: { form: 'sample' as const, data: Buffer.from(thumbnail ?? '', 'base64') } };
  return withDecodedKey({ codec: 'mjpeg', config: null }, unit, (frame) => {
    const [luma] = frame.data ?? [];
    const stride = frame.linesize[0] ?? 0;
    const third = Math.floor(frame.width / 3);
    const most = (from: number) =>
      Math.max(
        ...Array.from({ length: frame.height }, (_, row) => [
          ...(luma?.subarray(row * stride + from, row * stride + from + third) ?? []),
        ]).flat(),
      );
    return Promise.resolve({ width: frame.width, left: most(0), right: most(frame.width - third) });
  });
}

test.each([
  ['a drawn picture', { options: { scene: 'test' as const } }],
  ['the first key frame of a clip', { kind: 'file' as const, address: clip }],
])('%s becomes a small JPEG, with its masks painted over', async (_name, source) => {
  const report = await look({ ...source, masks: [left] });
  expect(report).toMatchObject({ ok: true, fault: null });
  expect(Buffer.from(report.thumbnail ?? '', 'base64').length).toBeLessThanOrEqual(lookThumbnailBytesMax);
  const seen = await brightest(report.thumbnail);
  expect(seen?.width).toBeLessThanOrEqual(320);
  expect(seen?.left).toBeLessThan(24);
  expect(seen?.right).toBeGreaterThan(100);
  expect((await brightest((await look(source)).thumbnail))?.left).toBeGreaterThan(100);
});

test('a snapshot is asked for once, and tells when it was taken by Last-Modified', async () => {
  const jpeg = await drawnJpeg();
  let asked = 0;
  const address = await serve((_request, response) => {
    asked += 1;
    response.setHeader('last-modified', 'Sun, 22 Nov 2026 10:00:00 GMT').end(jpeg);
  });
  const report = await look({ kind: 'snapshot', address });
  expect(report).toMatchObject({ ok: true, frameTime: '2026-11-22T10:00:00.000Z', bytes: jpeg.length });
  expect(asked).toBe(1);
  expect((await look({ kind: 'snapshot', address })).hash).toBe(report.hash);
});

test('of HLS with a picture beside it the picture is taken, and the stream itself where that is missing or old', async () => {
  const jpeg = await drawnJpeg();
  const asked: string[] = [];
  const address = await serve((request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/old.jpg') response.setHeader('last-modified', 'Sun, 22 Nov 2015 10:00:00 GMT');
    if (request.url?.endsWith('.jpg') && request.url !== '/gone.jpg') response.end(jpeg);
    else response.writeHead(404).end();
  });
  const beside = (name: string) =>
    look({
      kind: 'hls',
      address: new URL('/live.m3u8', address).href,
      options: { stillUrl: new URL(name, address).href },
    });
  expect(await beside('/now.jpg')).toMatchObject({ ok: true, bytes: jpeg.length });
  expect(asked).toEqual(['/now.jpg']);
  for (const name of ['/old.jpg', '/gone.jpg']) {
    expect(await beside(name)).toMatchObject({ ok: false, fault: 'NOT_FOUND' });
    expect(asked).toContain('/live.m3u8');
    asked.length = 0;
  }
});

test('of motion JPEG the first part is taken, and the connection let go', async () => {
  const jpeg = await drawnJpeg();
  let isLeft = false;
  const address = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' });
    const part = `--frame\r\ncontent-type: image/jpeg\r\ncontent-length: ${jpeg.length}\r\n\r\n`;
    const send = setInterval(() => response.write(Buffer.concat([Buffer.from(part), jpeg, Buffer.from('\r\n')])), 50);
    response.once('close', () => {
      clearInterval(send);
      isLeft = true;
    });
  });
  expect(await look({ kind: 'mjpeg', address })).toMatchObject({ ok: true, frameTime: null });
  await vi.waitUntil(() => isLeft, { timeout: 3000 });
});

test.each([
  ['HTML in the place of a picture', 'DATA_INVALID', (response: ServerResponse) => response.end('<html>gone</html>')],
  [
    'a picture cut off in its head',
    'DATA_INVALID',
    (response: ServerResponse) => response.end(Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0])),
  ],
  ['404', 'NOT_FOUND', (response: ServerResponse) => response.writeHead(404).end()],
  ['503', 'BUSY', (response: ServerResponse) => response.writeHead(503).end()],
  [
    'more bytes than any picture has',
    'DATA_INVALID',
    (response: ServerResponse) => {
      const piece = Buffer.alloc(1_000_000, 0xff);
      const flood = () => {
        while (!response.destroyed && response.write(piece));
      };
      response.on('drain', flood);
      flood();
    },
  ],
])('%s is %s', async (_what, fault, answer) => {
  const address = await serve((_request, response) => {
    answer(response);
  });
  expect(await look({ kind: 'snapshot', address })).toMatchObject({ ok: false, fault, thumbnail: null });
});

test('a host that never answers is given up in ten seconds; the ward answers all the same when its child dies', async () => {
  const address = await serve(() => {});
  const ward = createLookWard({
    createChild: () => {
      const env = {
        DATA_DIR: '/tmp',
        LOG_LEVEL: 'error',
        NODE_ENV: 'test',
        ALLOWED_SOURCE_CIDRS: '127.0.0.0/8',
      } as const;
      const child = cellProcess({ name: 'look', sources: 4, env, entry: 'look' });
      children.push(child);
      return child;
    },
    writeLine: () => {},
  });
  const children: ReturnType<typeof cellProcess>[] = [];
  const silent = ward.look(aSource({ kind: 'snapshot', address }));
  const startedAt = performance.now();
  expect(await silent).toMatchObject({ ok: false, fault: 'TIMED_OUT' });
  expect(performance.now() - startedAt).toBeLessThan(12_000);
  const looked = ward.look(aSource({ kind: 'snapshot', address }));
  await vi.waitUntil(() => children[0]?.state.state === 'ready', { timeout: 5000 });
  children[0]?.kill();
  expect(await looked).toMatchObject({ ok: false, fault: 'INTERNAL' });
  expect(await ward.look(aSource({ options: { width: 320, height: 180 } }))).toMatchObject({ ok: true, width: 320 });
  await ward.close();
}, 30_000);
