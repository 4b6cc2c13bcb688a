import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { doctorReport, type DoctorInput, type DoctorReport } from '#server/contracts/doctor.ts';
import {
  aLoopbackGuard,
  freePort,
  hasFfmpeg,
  makeWithFfmpeg,
  startFfmpeg,
  startHttp,
  testPicture,
  asH264Aac,
} from '#server/testing/foreign-media.ts';

import { advise } from './advice.ts';
import { diagnose, withoutSecrets } from './diagnose.ts';

const guard = aLoopbackGuard();
const logged: string[] = [];
const log = pino({ level: 'debug' }, { write: (line: string) => logged.push(line) });
const closers: (() => Promise<void>)[] = [];
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sensorium-doctor-'));
});
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});
afterAll(async () => {
  await guard.close();
  await rm(folder, { recursive: true, force: true });
});

/** Every report keeps its contract, whatever the source. */
async function examined(input: DoctorInput): Promise<DoctorReport> {
  return doctorReport.parse(
    await diagnose(input, { guard, log, signal: new AbortController().signal, dataDir: folder }),
  );
}

const outcomes = (report: DoctorReport) => Object.fromEntries(report.steps.map(({ step, outcome }) => [step, outcome]));

describe.skipIf(!hasFfmpeg)('a source that works', () => {
  test('is measured: size, rate, groups, sound, bitrate, first picture', async () => {
    const port = await freePort();
    closers.push(
      startFfmpeg([...testPicture(30), ...asH264Aac, '-f', 'mpegts', `udp://127.0.0.1:${port}?pkt_size=1316`]).stop,
    );
    const report = await examined({ kind: 'mpegts', address: `udp://127.0.0.1:${port}` });
    expect(report).toMatchObject({
      outcome: 'ok',
      fault: null,
      video: { codec: 'h264', width: 320, height: 180, bFrames: false, gopSeconds: 1, transcoded: false },
      audio: { codec: 'aac', channels: 1, sampleRate: 48_000, transcoded: false },
      clock: 'arrival',
      advice: ['NO_CLOCK'],
    });
    expect(report.video?.fps).toBeCloseTo(25, 0);
    expect(report.video?.profile).toContain('Baseline');
    expect(report.bitrate).toBeGreaterThan(50_000);
    expect(report.firstFrameMs).toBeLessThan(5000);
    expect(
      Buffer.from(report.picture ?? '', 'base64')
        .subarray(0, 2)
        .toString('hex'),
    ).toBe('ffd8');
  });

  test('is advised: long groups, B-frames, few pictures, foreign codecs', async () => {
    const path = join(folder, 'odd.mp4');
    const input = ['-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=4', '-f', 'lavfi', '-i', 'sine=r=44100', '-t', '8'];
    await makeWithFfmpeg([
      ...input,
      '-c:v',
      'libx264',
      '-bf',
      '2',
      '-g',
      '250',
      '-pix_fmt',
      'yuv420p',
      '-c:a',
      'ac3',
      path,
    ]);
    const report = await examined({ kind: 'file', address: path });
    expect(report.outcome).toBe('ok');
    expect(report.video).toMatchObject({ width: 1280, bFrames: true, gopSeconds: null });
    expect(report.advice).toEqual(expect.arrayContaining(['GOP_LONG', 'B_FRAMES', 'FPS_LOW', 'AUDIO_TRANSCODED']));
    expect(report.clock).toBe('synthetic');
  });
});

describe('a source of pictures', () => {
  test('asked one by one has the rate it is asked at, and is told nothing about groups', async () => {
    const path = join(folder, 'now.jpg');
    await makeWithFfmpeg(['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=1', '-frames:v', '1', path]);
    const jpeg = await readFile(path);
    const server = await startHttp((_request, response) => response.end(jpeg));
    closers.push(server.stop);
    const address = `http://${server.host}/now.jpg`;
    const report = await examined({ kind: 'snapshot', address, options: { intervalSeconds: 4 } });
    expect(report.video).toMatchObject({ codec: 'mjpeg', width: 320, fps: 0.25, gopSeconds: null, transcoded: true });
    expect(report.advice).toEqual(['VIDEO_TRANSCODED']);
    expect((await examined({ kind: 'snapshot', address })).video).toMatchObject({ fps: 0.1 });
  });

  test('that come in a row, and unevenly, are told nothing about groups', () => {
    const intervals = [0.1, 0.5, 0.1, 0.2];
    const video = { codec: 'mjpeg', profile: null, width: 320, height: 180, fps: 5, fpsAnnounced: null };
    const seen = {
      kind: 'mjpeg' as const,
      video: { ...video, gopSeconds: 0.5, bFrames: false, transcoded: true },
      audio: null,
      clock: 'arrival' as const,
      bitrate: 300_000,
      keyIntervals: intervals,
      intervals,
      lost: 0,
      audioSeen: 0,
      audioSound: 0,
      spanSeconds: 0.9,
    };
    expect(advise(seen)).toEqual(['VIDEO_TRANSCODED']);
    expect(advise({ ...seen, kind: 'hls' })).toContain('GOP_IRREGULAR');
  });
});

describe('a source that does not', () => {
  test.each([
    [{ kind: 'rtsp', address: 'rtsp://10.0.0.1/x' }, 'ADDRESS_FORBIDDEN', 'resolve'],
    [{ kind: 'hls', address: 'http://cam.invalid/x' }, 'NAME_UNKNOWN', 'resolve'],
    [{ kind: 'rtsp', address: 'rtsp://127.0.0.1:1/x' }, 'UNREACHABLE', 'connect'],
    [{ kind: 'hls', address: 'nonsense' }, 'ADDRESS_INVALID', 'resolve'],
    [{ kind: 'rtsp' }, 'ADDRESS_INVALID', 'resolve'],
  ] as const)('%j fails by %s at %s', async (input, code, step) => {
    const report = await examined(input);
    expect(report).toMatchObject({ outcome: 'failed', fault: { code }, picture: null });
    expect(outcomes(report)).toMatchObject({ [step]: 'failed', read: 'skipped' });
  });

  test.each([
    [401, 'AUTH_REQUIRED', 'authenticate'],
    [404, 'NOT_FOUND', 'read'],
    [503, 'BUSY', 'authenticate'],
  ] as const)('a server that answers %i fails by %s', async (status, code, step) => {
    const server = await startHttp((_request, response) => response.writeHead(status).end());
    closers.push(server.stop);
    const report = await examined({ kind: 'hls', address: `http://${server.host}/x` });
    expect(report.fault?.code).toBe(code);
    expect(outcomes(report)).toMatchObject({ resolve: 'ok', connect: 'ok', [step]: 'failed' });
  });

  test('a refused password is AUTH_REFUSED, and stands in no log line and no report', async () => {
    const server = await startHttp((_request, response) => response.writeHead(401).end());
    closers.push(server.stop);
    const report = await examined({ kind: 'snapshot', address: `http://us%C3%A9r:s%C3%A9cr%40t@${server.host}/x` });
    expect(report.fault?.code).toBe('AUTH_REFUSED');
    expect(`${JSON.stringify(report)}${logged.join('')}`).not.toMatch(/s%C3%A9cr|sécr/);
  });

  test('a web page is DATA_INVALID', async () => {
    const server = await startHttp((_request, response) => response.end(`<html>${'x'.repeat(4000)}</html>`));
    closers.push(server.stop);
    for (const kind of ['hls', 'mpegts', 'snapshot', 'mjpeg'] as const) {
      const report = await examined({ kind, address: `http://${server.host}/x` });
      expect(report.fault?.code).toBe('DATA_INVALID');
    }
  });

  test('a server that accepts and says nothing is TIMED_OUT within the deadline', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    closers.push(async () => {
      await new Promise((resolve) => {
        server.close(resolve);
      });
    });
    const bound = server.address();
    const address = `tcp://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`;
    const begin = performance.now();
    const report = await examined({ kind: 'mpegts', address });
    expect(report.fault?.code).toBe('TIMED_OUT');
    expect(performance.now() - begin).toBeLessThan(15_000);
  });

  test.skipIf(!hasFfmpeg)('sound without a picture is NO_VIDEO', async () => {
    const path = join(folder, 'sound.ts');
    await makeWithFfmpeg(['-f', 'lavfi', '-i', 'sine=r=48000', '-t', '3', '-c:a', 'aac', '-f', 'mpegts', path]);
    const bytes = await readFile(path);
    const server = await startHttp((_request, response) => response.end(bytes));
    closers.push(server.stop);
    const report = await examined({ kind: 'mpegts', address: `http://${server.host}/x` });
    expect(report.fault?.code).toBe('NO_VIDEO');
  });
});

test('takes user, password and query out of whatever wrote a message', () => {
  const address = 'rtsp://admin:p%40ss@cam/live?token=abc';
  expect(withoutSecrets(`open ${address} failed: p@ss, p%40ss, ?token=abc`, address)).toBe('open … failed: …, …, …');
});
