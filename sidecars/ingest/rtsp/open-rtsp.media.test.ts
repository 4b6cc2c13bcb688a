import { readFileSync } from 'node:fs';
import net from 'node:net';

import { afterEach, describe, expect, test } from 'vitest';

import { decodeH264 } from '#server/testing/decode-h264.ts';
import { readFrameNumbers } from '#server/testing/fake-clip.ts';
import type { FakeRequest } from '#server/testing/fake-rtsp-client.ts';
import { startFakeRtspServer, type FakeRtspOptions, type FakeRtspServer } from '#server/testing/fake-rtsp-server.ts';
import { openRecorded, unitBytes, until, type RecordedSource } from '#server/testing/recorded-source.ts';

import { SourceError } from '../source.ts';
import { connectTcp } from './connect.ts';
import type { RtspOptions } from './open-rtsp.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function fake(options: FakeRtspOptions = {}): Promise<FakeRtspServer> {
  const server = await startFakeRtspServer(options);
  closing.push(() => server.close());
  return server;
}

async function open(options: Partial<RtspOptions> & { url: string }): Promise<RecordedSource> {
  const recorded = await openRecorded(options);
  closing.push(() => recorded.source.close());
  return recorded;
}

async function fault(opening: Promise<unknown>): Promise<SourceError> {
  const error: unknown = await opening.then(
    () => null,
    (why: unknown) => why,
  );
  if (error instanceof SourceError) return error;
  throw new Error(`expected a SourceError, got ${String(error)}`, { cause: error });
}

function frames(recorded: RecordedSource): number[] {
  return recorded.units(1).flatMap((unit) => readFrameNumbers(unitBytes(unit)));
}

function requestsOf(server: FakeRtspServer, method: string): FakeRequest[] {
  return server.requests.filter((request) => request.method === method);
}

describe('RTSP source', () => {
  test('gives every frame once and in order, with sound and clock', async () => {
    const server = await fake({ rtpStart: 2 ** 32 - 90_000 });
    const recorded = await open({ url: server.url });
    await recorded.until(() => recorded.units(1).length >= 60);
    const [first] = recorded.events;
    expect(first).toMatchObject({ type: 'tracks', tracks: [{ codec: 'h264' }, { codec: 'aac', sampleRate: 48_000 }] });
    const numbers = frames(recorded);
    expect(numbers).toEqual(numbers.map((_number, index) => (numbers[0] ?? 0) + index));
    const steps = recorded
      .units(1)
      .map(({ pts }, index, units) => ((pts ?? 0) - (units[index - 1]?.pts ?? pts ?? 0)) | 0);
    expect(new Set(steps.slice(1))).toEqual(new Set([3600]));
    expect(recorded.units(1).some(({ key }) => key)).toBe(true);
    const soundSteps = recorded.units(2).map(({ pts }, index, all) => ((pts ?? 0) - (all[index - 1]?.pts ?? 0)) | 0);
    expect(new Set(soundSteps.slice(1))).toEqual(new Set([1024]));
    const clocks = recorded.events.filter((event) => event.type === 'clock');
    expect(clocks.length).toBeGreaterThanOrEqual(4);
    // The fake camera's clock is ours, and the way is a few milliseconds on loopback.
    for (const clock of clocks) expect(Math.abs(clock.utcUs - clock.arrivalUs)).toBeLessThan(500_000);
    expect(recorded.events.some(({ type }) => type === 'lost')).toBe(false);
  });

  test('gives bytes that a decoder reads without a complaint', async () => {
    const server = await fake({ outOfBand: true });
    const recorded = await open({ url: server.url });
    await recorded.until(() => recorded.units(1).length >= 60);
    const units = recorded.units(1);
    const start = units.findIndex(({ key }) => key);
    const sizes = await decodeH264(units.slice(start));
    expect(sizes).toEqual(units.slice(start).map(() => '320x180'));
  });

  test('tells of lost packets, drops the torn picture and marks the next', async () => {
    const server = await fake({ audio: false });
    const recorded = await open({ url: server.url });
    await recorded.until(() => recorded.units(1).length >= 5);
    server.losePackets(2);
    await recorded.until(() => recorded.units(1).some(({ lostBefore }) => lostBefore));
    expect(recorded.events).toContainEqual({ type: 'lost', track: 1, packets: 2 });
    const numbers = frames(recorded);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect((numbers.at(-1) ?? 0) - (numbers[0] ?? 0)).toBeGreaterThan(numbers.length - 1);
  });

  test('goes on after noise between packets', async () => {
    const server = await fake();
    const recorded = await open({ url: server.url });
    for (const bytes of [1, 100, 5000]) {
      const seen = recorded.units(1).length;
      server.garbage(bytes);
      await recorded.until(() => recorded.units(1).length >= seen + 10);
    }
    const numbers = frames(recorded);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  });

  test('gives the new parameter sets with the key frame when the picture changes its size', async () => {
    const server = await fake({ audio: false });
    const recorded = await open({ url: server.url });
    const sets = () =>
      recorded
        .units(1)
        .flatMap(({ payload }) =>
          payload.form === 'pieces' && payload.parameterSets.length > 0
            ? [Buffer.concat(payload.parameterSets).toString('hex')]
            : [],
        );
    await recorded.until(() => sets().length >= 1);
    server.changePicture();
    await recorded.until(() => new Set(sets()).size === 2);
    expect(new Set(sets()).size).toBe(2);
  });

  test.each<NonNullable<FakeRtspOptions['auth']>>([
    { scheme: 'basic', user: 'cam', password: 'p@ss:w/rd' },
    { scheme: 'digest', user: 'cam', password: 'p@ss:w/rd' },
    { scheme: 'digest', user: 'cam', password: 'p@ss:w/rd', algorithm: 'MD5', qop: false },
    { scheme: 'digest', user: 'cam', password: 'p@ss:w/rd', algorithm: 'MD5-sess' },
    { scheme: 'digest', user: 'cäm', password: 'パス', algorithm: 'SHA-256', alsoOffer: ['Basic realm="x"'] },
    { scheme: 'digest', user: 'cam', password: 'p', algorithm: 'SHA-256-sess', nonceUses: 1 },
  ])('opens with $scheme $algorithm, qop $qop, a nonce for $nonceUses', async (auth) => {
    const server = await fake({ auth, audio: false });
    const recorded = await open({ url: server.url });
    await recorded.until(() => recorded.units(1).length > 2);
    expect(recorded.logged.join('')).not.toContain(auth.password);
    const lines = server.requests.map(({ uri }) => uri);
    expect(lines.some((uri) => uri.includes('@'))).toBe(false);
  });

  test('says AUTH_REQUIRED without credentials, AUTH_REFUSED with wrong ones after one try, and names no password', async () => {
    const server = await fake({ auth: { scheme: 'digest', algorithm: 'SHA-256', user: 'cam', password: 'right' } });
    const address = `127.0.0.1:${server.port}/cam`;
    expect(await fault(openRecorded({ url: `rtsp://${address}` }))).toMatchObject({
      code: 'AUTH_REQUIRED',
      retry: false,
    });
    const refused = await fault(openRecorded({ url: `rtsp://cam:secret@${address}` }));
    expect(refused).toMatchObject({ code: 'AUTH_REFUSED', retry: false });
    expect(`${refused.stack} ${JSON.stringify(refused)}`).not.toContain('secret');
    expect(requestsOf(server, 'DESCRIBE')).toHaveLength(3);
    await until(() => server.connections === 0);
  });

  test.each([
    ['404 Not Found', 'NOT_FOUND', true],
    ['403 Forbidden', 'AUTH_REFUSED', false],
    ['453 Not Enough Bandwidth', 'BUSY', true],
    ['503 Service Unavailable', 'BUSY', true],
    ['461 Unsupported Transport', 'CODEC_UNSUPPORTED', false],
    ['400 Bad Request', 'DATA_INVALID', true],
  ])('tells %s as %s and leaves no connection behind', async (status, code, retry) => {
    const server = await fake({ respond: ({ method }) => (method === 'OPTIONS' ? undefined : { status }) });
    expect(await fault(openRecorded({ url: server.url }))).toMatchObject({ code, retry });
    await until(() => server.connections === 0);
  });

  test('says UNREACHABLE, NAME_UNKNOWN and what the guard of addresses says', async () => {
    const server = await fake();
    await server.kill();
    expect(await fault(openRecorded({ url: server.url }))).toMatchObject({ code: 'UNREACHABLE', retry: true });
    expect(await fault(openRecorded({ url: 'rtsp://camera.invalid/' }))).toMatchObject({ code: 'NAME_UNKNOWN' });
    const connect = () => Promise.reject(new SourceError('ADDRESS_FORBIDDEN', 'not allowed', { retry: false }));
    expect(await fault(openRecorded({ url: server.url, connect }))).toMatchObject({ code: 'ADDRESS_FORBIDDEN' });
  });

  test('says TIMED_OUT when a request is not answered', { timeout: 20_000 }, async () => {
    const server = await fake({ respond: ({ method }) => (method === 'SETUP' ? null : undefined) });
    expect(await fault(openRecorded({ url: server.url }))).toMatchObject({ code: 'TIMED_OUT', retry: true });
  });

  test('says TIMED_OUT when pictures stop while the connection stays', async () => {
    const server = await fake();
    const recorded = await open({ url: server.url, mediaMs: 400 });
    await recorded.until(() => recorded.units(1).length > 2);
    server.stall();
    expect(await fault(recorded.source.done)).toMatchObject({ code: 'TIMED_OUT', retry: true });
  });

  test('says CLOSED when the connection breaks and when the camera says goodbye', async () => {
    const server = await fake();
    const dropped = await open({ url: server.url });
    await dropped.until(() => dropped.units(1).length > 2);
    server.disconnect();
    expect(await fault(dropped.source.done)).toMatchObject({ code: 'CLOSED', retry: true });
    const left = await open({ url: server.url });
    await left.until(() => left.units(1).length > 2);
    server.sayGoodbye();
    expect(await fault(left.source.done)).toMatchObject({ code: 'CLOSED', retry: true });
  });

  test('follows redirections through the guard, a bounded number of times', async () => {
    const target = await fake({ audio: false });
    const first = await fake({
      respond: ({ method }) =>
        method === 'DESCRIBE' ? { status: '302 Found', headers: { Location: target.url } } : undefined,
    });
    const asked: number[] = [];
    const connect = (host: string, port: number, signal: AbortSignal): Promise<net.Socket> => {
      asked.push(port);
      return connectTcp(host, port, signal);
    };
    const recorded = await open({ url: first.url, connect });
    await recorded.until(() => recorded.units(1).length > 2);
    expect(asked).toEqual([first.port, target.port]);
    const ring: FakeRtspServer = await fake({
      respond: ({ method }) =>
        method === 'DESCRIBE' ? { status: '301 Moved', headers: { Location: ring.url } } : undefined,
    });
    expect(await fault(openRecorded({ url: ring.url }))).toMatchObject({ code: 'DATA_INVALID' });
    expect(requestsOf(ring, 'DESCRIBE')).toHaveLength(4);
  });

  test('keeps the session alive, reports reception, and tears down', { timeout: 20_000 }, async () => {
    const server = await fake({ sessionSeconds: 2, audio: false });
    const recorded = await open({ url: server.url });
    await recorded.until(() => requestsOf(server, 'GET_PARAMETER').length >= 2 && server.receiverReports > 0);
    expect(requestsOf(server, 'GET_PARAMETER')[0]?.headers['session']).toBe('12345678');
    await recorded.source.close();
    await recorded.source.close();
    await recorded.source.done;
    expect(requestsOf(server, 'TEARDOWN')).toHaveLength(1);
    const seen = recorded.events.length;
    await until(() => server.connections === 0);
    expect(recorded.events).toHaveLength(seen);
  });

  test('closes in time although TEARDOWN is not answered, and at any moment of opening', async () => {
    const mute = await fake({ respond: ({ method }) => (method === 'TEARDOWN' ? null : undefined) });
    const recorded = await open({ url: mute.url });
    const startedAt = Date.now();
    await recorded.source.close();
    expect(Date.now() - startedAt).toBeLessThan(2000);
    for (const silent of ['OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY']) {
      const server = await fake({ respond: ({ method }) => (method === silent ? null : undefined) });
      const controller = new AbortController();
      const opening = fault(openRecorded({ url: server.url, signal: controller.signal }));
      await until(() => requestsOf(server, silent).length > 0);
      controller.abort();
      expect(await opening).toMatchObject({ code: 'CLOSED', retry: false });
      await until(() => server.connections === 0);
    }
  });

  test('asks for PLAY without a range where ranges are refused, and for the video alone where sound is absent', async () => {
    const server = await fake({
      audio: false,
      respond: ({ method, headers }) =>
        method === 'PLAY' && headers['range'] ? { status: '457 Invalid Range' } : undefined,
    });
    const recorded = await open({ url: server.url });
    await recorded.until(() => recorded.units(1).length > 2);
    expect(requestsOf(server, 'SETUP')).toHaveLength(1);
  });

  test('plays the picture alone where the sound is refused', async () => {
    const server = await fake({
      respond: ({ method, uri }) =>
        method === 'SETUP' && uri.endsWith('audio') ? { status: '404 Not Found' } : undefined,
    });
    const recorded = await open({ url: server.url });
    await recorded.until(() => recorded.units(1).length > 2);
    expect(recorded.events[0]).toMatchObject({ type: 'tracks', tracks: [{ codec: 'h264' }] });
  });

  test('says CODEC_UNSUPPORTED and NO_VIDEO by the description', async () => {
    const describing = (...media: string[]): FakeRtspOptions => ({
      respond: ({ method }) =>
        method === 'DESCRIBE'
          ? { status: '200 OK', body: ['v=0', 's=x', 't=0 0', ...media, ''].join('\r\n') }
          : undefined,
    });
    const foreign = await fake(describing('m=video 0 RTP/AVP 96', 'a=rtpmap:96 MP4V-ES/90000'));
    expect(await fault(openRecorded({ url: foreign.url }))).toMatchObject({ code: 'CODEC_UNSUPPORTED', retry: false });
    const deaf = await fake(describing('m=audio 0 RTP/AVP 0'));
    expect(await fault(openRecorded({ url: deaf.url }))).toMatchObject({ code: 'NO_VIDEO', retry: false });
  });

  test('speaks rtsps, and refuses a certificate that nobody vouches for', async () => {
    const fixtures = new URL('../../../server/testing/fixtures/', import.meta.url);
    const [key, ca] = ['camera-key.pem', 'camera-cert.pem'].map((name) =>
      readFileSync(new URL(name, fixtures), 'utf8'),
    );
    if (!key || !ca) throw new Error('the certificate is empty');
    const server = await fake({ tls: { key, cert: ca } });
    expect(await fault(openRecorded({ url: server.url }))).toMatchObject({ code: 'TLS_INVALID', retry: false });
    const recorded = await open({ url: server.url, ca });
    await recorded.until(() => recorded.units(1).length > 2);
    expect(frames(recorded).length).toBeGreaterThan(2);
  });
});
