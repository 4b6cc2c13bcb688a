import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, test as base, type ExpectStatic } from 'vitest';

import {
  aLoopbackGuard,
  asH264Aac,
  faultOf,
  freePort,
  hasFfmpeg,
  hear,
  makeWithFfmpeg,
  startFfmpeg,
  startHttp,
  stepsOf,
  testPicture,
  type HeardSource,
} from '#server/testing/foreign-media.ts';
import { gstMissing, startGstRtspServer } from '#server/testing/gst-rtsp-server.ts';

const guard = aLoopbackGuard();
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sensorium-sources-'));
});
afterAll(async () => {
  await guard.close();
  await rm(folder, { recursive: true, force: true });
});

/** What one test opened and started, closed when it is over: several run at once. */
class Stage {
  readonly #closers: (() => Promise<void>)[] = [];

  closes(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  async heard(what: Parameters<typeof hear>[0], addressNow?: () => string): Promise<HeardSource> {
    const source = await hear(what, { guard, patienceMs: 8000, ...(addressNow && { addressNow }) });
    this.closes(async () => source.open?.close());
    return source;
  }

  ffmpeg(args: string[]): void {
    this.closes(startFfmpeg(args, { cwd: folder }).stop);
  }

  async http(handle: RequestListener): Promise<string> {
    const server = await startHttp(handle);
    this.closes(server.stop);
    return server.host;
  }

  serveFolder(): Promise<string> {
    return this.http((request, response) => {
      readFile(join(folder, new URL(request.url ?? '/', 'http://x').pathname)).then(
        (bytes) => response.end(bytes),
        () => response.writeHead(404).end(),
      );
    });
  }

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).toReversed()) await close();
  }
}

const test = base.extend<{ stage: Stage }>({
  // oxlint-disable-next-line no-empty-pattern -- vitest reads from the pattern which fixtures are wanted
  stage: async ({}, provide) => {
    const stage = new Stage();
    await provide(stage);
    await stage.close();
  },
});

function expectPictureAndSound(expect: ExpectStatic, source: HeardSource): void {
  expect(source.track('video')).toMatchObject({ codec: 'h264', width: 320, height: 180 });
  expect(source.track('audio')).toMatchObject({ codec: 'aac', sampleRate: 48_000 });
  const video = source.track('video')?.timescale ?? 0;
  const audio = source.track('audio')?.timescale ?? 0;
  expect(stepsOf(source.units('video')).every((step) => Math.abs(step - video / 25) <= 1)).toBe(true);
  expect(stepsOf(source.units('audio')).every((step) => Math.abs(step - (audio * 1024) / 48_000) <= 1)).toBe(true);
}

describe.skipIf(!hasFfmpeg).concurrent('foreign senders', () => {
  test('MPEG-TS over TCP: pictures in Annex-B, sound without ADTS, both in step', async ({ expect, stage }) => {
    const port = await freePort();
    stage.ffmpeg([...testPicture(30), ...asH264Aac, '-f', 'mpegts', `tcp://127.0.0.1:${port}?listen=1`]);
    const source = await stage.heard({ kind: 'mpegts', address: `tcp://127.0.0.1:${port}` });
    await source.until(() => source.units('video').length > 50 && source.units('audio').length > 60);
    expectPictureAndSound(expect, source);
    expect(source.track('video')).toMatchObject({ wrapBits: 33, timescale: 90_000 });
    expect(source.track('audio')?.config?.toString('hex')).toBe('1188');
  });

  test('MPEG-TS over UDP, and the port is free again after closing', async ({ expect, stage }) => {
    const port = await freePort();
    stage.ffmpeg([...testPicture(30), ...asH264Aac, '-f', 'mpegts', `udp://127.0.0.1:${port}?pkt_size=1316`]);
    for (let round = 0; round < 2; round += 1) {
      const source = await stage.heard({ kind: 'mpegts', address: `udp://127.0.0.1:${port}` });
      await source.until(() => source.units('video').length > 20 && source.units('audio').length > 20);
      expectPictureAndSound(expect, source);
      expect(source.track('video')).toMatchObject({ wrapBits: 33 });
      await source.open?.close();
    }
  });

  test('a TS sender that freezes is TIMED_OUT, and nothing of it is left', async ({ expect, stage }) => {
    const path = join(folder, 'freeze.ts');
    const input = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25', '-f', 'lavfi', '-i', 'sine=r=48000', '-t', '2'];
    await makeWithFfmpeg([...input, ...asH264Aac, '-f', 'mpegts', path]);
    const bytes = await readFile(path);
    const host = await stage.http((_request, response) => {
      response.writeHead(200);
      response.write(bytes);
    });
    const source = await stage.heard({ kind: 'mpegts', address: `http://${host}/` });
    expect(await faultOf(source.open?.done ?? Promise.resolve())).toMatchObject({ code: 'TIMED_OUT' });
    await source.open?.close();
  });

  test('a TS sender that dies is CLOSED at once', async ({ expect, stage }) => {
    const port = await freePort();
    const sender = startFfmpeg([...testPicture(30), ...asH264Aac, '-f', 'mpegts', `tcp://127.0.0.1:${port}?listen=1`]);
    const source = await stage.heard({ kind: 'mpegts', address: `tcp://127.0.0.1:${port}` });
    await source.until(() => source.units('video').length > 5);
    await sender.stop();
    expect(await faultOf(source.open?.done ?? Promise.resolve())).toMatchObject({ code: 'CLOSED' });
  });

  test.for(['mpegts', 'fmp4'])(
    'HLS with %s segments: every unit once, at its pace, dated by the playlist',
    async (type, { expect, stage }) => {
      stage.ffmpeg([
        ...testPicture(40),
        ...asH264Aac,
        '-f',
        'hls',
        '-hls_time',
        '1',
        '-hls_list_size',
        '5',
        '-hls_segment_type',
        type,
        '-hls_flags',
        'program_date_time+delete_segments',
        '-hls_fmp4_init_filename',
        `${type}.mp4`,
        '-hls_segment_filename',
        `${type}-%d.${type === 'fmp4' ? 'm4s' : 'ts'}`,
        `${type}.m3u8`,
      ]);
      const host = await stage.serveFolder();
      const source = await stage.heard({ kind: 'hls', address: `http://${host}/${type}.m3u8` });
      await source.until(() => source.units('video').length > 125 && source.clocks().length >= 3, 20_000);
      expectPictureAndSound(expect, source);
      const arrivals = source.units('video').map(({ arrivalUs }) => arrivalUs);
      // Segments come in heaps of a second; paced, their pictures come one by one. The first may still be waited for.
      const gaps = arrivals.slice(1).map((at, index) => at - (arrivals[index] ?? 0));
      expect(gaps.filter((gap) => gap > 10_000 && gap < 120_000).length).toBeGreaterThan(gaps.length * 0.8);
      const ages = source.clocks().map(({ kind, utcUs, arrivalUs }) => ({ kind, age: (arrivalUs - utcUs) / 1e6 }));
      expect(ages.every(({ kind, age }) => kind === 'capture' && age > 0 && age < 15)).toBe(true);
    },
  );

  test('SRT with a passphrase, and a wrong one is refused', async ({ expect, stage }) => {
    const port = await freePort();
    stage.ffmpeg([
      ...testPicture(30),
      ...asH264Aac,
      '-f',
      'mpegts',
      `srt://127.0.0.1:${port}?mode=listener&passphrase=correct-horse`,
    ]);
    const address = (passphrase: string) => `srt://127.0.0.1:${port}?passphrase=${passphrase}`;
    expect(await faultOf(hear({ kind: 'srt', address: address('wrong-horse-battery') }, { guard }))).not.toBeNull();
    const source = await stage.heard({ kind: 'srt', address: address('correct-horse') });
    await source.until(() => source.units('video').length > 20);
    expectPictureAndSound(expect, source);
  });

  test('a file goes on over the end of its loop without a hole or a step back, and shows now', async ({
    expect,
    stage,
  }) => {
    const path = join(folder, 'loop.mp4');
    const input = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25', '-f', 'lavfi', '-i', 'sine=r=48000', '-t', '1.2'];
    await makeWithFfmpeg([
      ...input,
      '-c:v',
      'libx264',
      '-bf',
      '2',
      '-g',
      '15',
      '-pix_fmt',
      'yuv420p',
      '-c:a',
      'aac',
      path,
    ]);
    const source = await stage.heard({ kind: 'file', address: path });
    await source.until(() => source.units('video').length >= 95);
    const scale = source.track('video')?.timescale ?? 0;
    const steps = stepsOf(source.units('video'));
    expect(steps.every((step) => Math.abs(step - scale / 25) <= 1)).toBe(true);
    const sound = stepsOf(source.units('audio'));
    expect(Math.min(...sound)).toBeGreaterThanOrEqual(1023);
    expect(Math.max(...sound)).toBeLessThan(4096);
    const [clock] = source.clocks();
    expect(clock).toMatchObject({ kind: 'synthetic' });
    expect(Math.abs((clock?.utcUs ?? 0) / 1000 - Date.now())).toBeLessThan(6000);
  });

  test('what no browser plays becomes H.264 and AAC, in step with each other', async ({ expect, stage }) => {
    const path = join(folder, 'foreign.mp4');
    const input = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25', '-f', 'lavfi', '-i', 'sine=r=44100', '-t', '3'];
    await makeWithFfmpeg([...input, '-c:v', 'mpeg4', '-c:a', 'ac3', path]);
    const source = await stage.heard({ kind: 'file', address: path });
    await source.until(() => source.units('video').length > 55 && source.units('audio').length > 90);
    expect(source.track('video')).toMatchObject({ codec: 'h264', timescale: 90_000, width: 320, height: 180 });
    expect(source.track('audio')).toMatchObject({ codec: 'aac', sampleRate: 48_000 });
    expect(stepsOf(source.units('video')).every((step) => Math.abs(step - 3600) <= 1)).toBe(true);
    expect(source.units('video').filter(({ key }) => key)).toHaveLength(2);
    const ends = [source.units('video').at(-1), source.units('audio').at(-1)];
    expect(Math.abs((ends[0]?.pts ?? 0) / 90_000 - (ends[1]?.pts ?? 0) / 48_000)).toBeLessThan(0.3);
  });

  test('Opus stays Opus and AAC comes beside it', async ({ expect, stage }) => {
    const path = join(folder, 'opus.mp4');
    const input = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25', '-f', 'lavfi', '-i', 'sine=r=48000', '-t', '2'];
    await makeWithFfmpeg([
      ...input,
      '-c:v',
      'libx264',
      '-pix_fmt',
      'yuv420p',
      '-c:a',
      'libopus',
      '-strict',
      '-2',
      path,
    ]);
    const source = await stage.heard({ kind: 'file', address: path });
    await source.until(() => source.units('video').length > 25);
    expect(source.tracks().map(({ codec }) => codec)).toEqual(['h264', 'opus', 'aac']);
    const counts = source
      .tracks()
      .map(({ id }) => source.events.filter((event) => event.type === 'unit' && event.unit.track === id).length);
    expect(Math.min(...counts)).toBeGreaterThan(15);
  });

  test('options.transcode makes H.264 anew with a key frame each two seconds', async ({ expect, stage }) => {
    const path = join(folder, 'again.mp4');
    await makeWithFfmpeg([
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=320x180:r=25',
      '-t',
      '5',
      '-c:v',
      'libx264',
      '-g',
      '250',
      '-pix_fmt',
      'yuv420p',
      path,
    ]);
    const source = await stage.heard({ kind: 'file', address: path, options: { transcode: true } });
    await source.until(() => source.units('video').length > 105);
    const keys = source.units('video').filter(({ key }) => key);
    expect(keys.slice(1).map(({ pts }, index) => (pts ?? 0) - (keys[index]?.pts ?? 0))).toEqual([180_000, 180_000]);
    expect(source.units('video')[0]?.payload.form).toBe('annexb');
  });

  test('RTSP over UDP by libav, with Digest and a password full of signs, which no log line holds', async ({
    expect,
    stage,
    skip,
  }) => {
    const path = join(folder, 'rtsp.mp4');
    const input = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25', '-f', 'lavfi', '-i', 'sine=r=48000', '-t', '20'];
    await makeWithFfmpeg([...input, ...asH264Aac, path]);
    const server = await startGstRtspServer({ auth: 'digest', file: path });
    if (!server) return skip(gstMissing);
    stage.closes(server.close);
    const address = server.url.replace('rtsp://', 'rtsp://cam:p%40ss%3Aw%2Frd@');
    const source = await stage.heard({ kind: 'rtsp', address, options: { transport: 'udp' } });
    await source.until(() => source.units('video').length > 40 && source.units('audio').length > 40);
    expect(source.track('video')).toMatchObject({ codec: 'h264' });
    expect(source.logged.join('')).not.toMatch(/p@ss|p%40ss/);
    const wrong = await faultOf(hear({ kind: 'rtsp', address: server.url, options: { transport: 'udp' } }, { guard }));
    expect(wrong).toMatchObject({ code: 'AUTH_REQUIRED' });
  });
});

describe.skipIf(!hasFfmpeg).concurrent('pictures over HTTP', () => {
  const jpegs: Buffer[] = [];
  beforeAll(async () => {
    await makeWithFfmpeg([
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=321x181:r=4',
      '-t',
      '1',
      '-pix_fmt',
      'yuvj420p',
      join(folder, '%d.jpg'),
    ]);
    for (let index = 1; index <= 4; index += 1) jpegs.push(await readFile(join(folder, `${index}.jpg`)));
  });

  test('motion JPEG becomes H.264 of even size, timed by arrival', async ({ expect, stage }) => {
    const host = await stage.http((_request, response) => {
      response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace;boundary=--cut' });
      let sent = 0;
      const timer = setInterval(() => {
        response.write('--cut\r\nContent-Type: image/jpeg\r\n\r\n');
        response.write(jpegs[sent % 4] ?? '');
        response.write('\r\n');
        sent += 1;
      }, 50);
      response.on('close', () => clearInterval(timer));
    });
    const source = await stage.heard({ kind: 'mjpeg', address: `http://${host}/` });
    await source.until(() => source.units('video').length > 20);
    expect(source.track('video')).toMatchObject({ codec: 'h264', width: 320, height: 180 });
    expect(stepsOf(source.units('video')).every((step) => step > 0)).toBe(true);
  });

  test('a snapshot that did not change is no new picture; its time is Last-Modified', async ({ expect, stage }) => {
    let asked = 0;
    let unchanged = 0;
    const modified = new Date(Date.now() - 20_000).toUTCString();
    const host = await stage.http((request, response) => {
      asked += 1;
      const picture = asked < 4 ? 0 : 1;
      const etag = `"${picture}"`;
      const time = picture === 0 ? modified : new Date(Date.parse(modified) + 10_000).toUTCString();
      if (request.headers['if-none-match'] === etag) {
        unchanged += 1;
        response.writeHead(304).end();
      } else response.writeHead(200, { etag, 'last-modified': time, 'content-type': 'image/jpeg' }).end(jpegs[picture]);
    });
    const source = await stage.heard({
      kind: 'snapshot',
      address: `http://${host}/`,
      options: { intervalSeconds: 0.5 },
    });
    await source.until(() => source.units('video').length >= 4);
    expect(unchanged).toBeGreaterThan(0);
    const [first, echo, second] = source.units('video');
    // An echo pushes each picture out of a packager that waits for the next one's time.
    expect((echo?.pts ?? 0) - (first?.pts ?? 0)).toBe(3600);
    expect((second?.pts ?? 0) - (first?.pts ?? 0)).toBe(900_000);
    expect(source.clocks()[0]).toMatchObject({
      kind: 'capture',
      utcUs: Date.parse(modified) * 1000,
      ticks: first?.pts,
    });
  });

  test('a snapshot whose address is new each time is read on without being opened anew', async ({ expect, stage }) => {
    const asked: [path: string, etag: string | undefined][] = [];
    const host = await stage.http((request, response) => {
      asked.push([request.url ?? '', request.headers['if-none-match']]);
      const picture = Number(/(\d)\.jpg/.exec(request.url ?? '')?.[1]);
      response.writeHead(200, { etag: `"${picture}"`, 'content-type': 'image/jpeg' }).end(jpegs[picture]);
    });
    let address = `http://${host}/0.jpg`;
    const source = await stage.heard({ kind: 'snapshot', address, options: { intervalSeconds: 0.5 } }, () => address);
    await source.until(() => source.units('video').length >= 2);
    address = `http://${host}/1.jpg`;
    await source.until(() => source.units('video').length >= 4);
    expect(source.events.filter((event) => event.type === 'tracks')).toHaveLength(1);
    // What the server said of one picture is not asked of the next.
    expect(asked.find(([path]) => path === '/1.jpg')).toEqual(['/1.jpg', undefined]);
  });
});

test('a drawn camera gives a key frame each two seconds, on time', async ({ expect, stage }) => {
  const source = await stage.heard({ kind: 'synthetic', address: '', label: 'Pier', options: { scene: 'harbour' } });
  await source.until(() => source.units('video').length >= 40);
  const units = source.units('video');
  expect(stepsOf(units).every((step) => step === 6000)).toBe(true);
  expect(units.flatMap(({ key }, index) => (key ? [index] : []))).toEqual([0, 30]);
  const [clock] = source.clocks();
  const last = units.at(-1);
  const due = (clock?.utcUs ?? 0) + (((last?.pts ?? 0) - (clock?.ticks ?? 0)) / 90_000) * 1e6;
  expect(Math.abs((last?.arrivalUs ?? 0) - due)).toBeLessThan(500_000);
});

describe('addresses inside a playlist', () => {
  test.for([
    'http://10.0.0.1/s.ts',
    'http://167772161/s.ts',
    'http://[::1]/s.ts',
    'file:///etc/passwd',
    'http://169.254.169.254/',
  ])('a playlist that names %s is refused as a variant, a segment, a map and a key', async (uri, { expect, stage }) => {
    const lists: Record<string, string> = {
      '/variant': `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${uri}\n`,
      '/segment': `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${uri}\n`,
      '/map': `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MAP:URI="${uri}"\n#EXTINF:2,\n/bytes\n`,
      '/key': `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-KEY:METHOD=AES-128,URI="${uri}"\n#EXTINF:2,\n/bytes\n`,
    };
    const host = await stage.http((request, response) =>
      response.end(lists[request.url ?? ''] ?? Buffer.alloc(1880, 0x47)),
    );
    for (const path of Object.keys(lists)) {
      expect(await faultOf(hear({ kind: 'hls', address: `http://${host}${path}` }, { guard }))).toMatchObject({
        code: 'ADDRESS_FORBIDDEN',
      });
    }
  });
});

test.for([
  ['mpegts', 'tcp://127.0.0.1:1', 'UNREACHABLE'],
  ['mpegts', 'ftp://127.0.0.1/x', 'ADDRESS_FORBIDDEN'],
  ['mpegts', 'not an address', 'ADDRESS_INVALID'],
  ['hls', 'rtmp://127.0.0.1/x', 'ADDRESS_FORBIDDEN'],
  ['srt', 'srt://10.0.0.1:9', 'ADDRESS_FORBIDDEN'],
  ['srt', 'srt://127.0.0.1:9?mode=listener', 'ADDRESS_INVALID'],
  ['file', '/nowhere/at/all.mp4', 'FILE_UNREADABLE'],
  ['mjpeg', 'http://127.0.0.1:1/', 'UNREACHABLE'],
] as const)('%s of %s is %s', async ([kind, address, code], { expect }) => {
  expect(await faultOf(hear({ kind, address }, { guard }))).toMatchObject({ code });
});
