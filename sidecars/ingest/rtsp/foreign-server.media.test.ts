import { fileURLToPath } from 'node:url';

import { afterEach, describe, expect, test, type TestContext } from 'vitest';

import { decodeH264 } from '#server/testing/decode-h264.ts';
import { gstMissing, startGstRtspServer, type GstRtspServer } from '#server/testing/gst-rtsp-server.ts';
import { openRecorded, type RecordedSource } from '#server/testing/recorded-source.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function fixture(name: string): string {
  return fileURLToPath(new URL(`../../../server/testing/fixtures/${name}`, import.meta.url));
}

async function start(context: TestContext, auth: 'none' | 'basic' | 'digest', file: string): Promise<GstRtspServer> {
  const server = await startGstRtspServer({ auth, file: fixture(file), user: 'cam', password: 'p@ss:w/rd' });
  if (!server) return context.skip(gstMissing);
  closing.push(server.close);
  return server;
}

async function open(url: string): Promise<RecordedSource> {
  const recorded = await openRecorded({ url });
  closing.push(() => recorded.source.close());
  return recorded;
}

describe('a camera served by GStreamer', () => {
  for (const auth of ['none', 'basic', 'digest'] as const) {
    test(`plays with picture, sound and clock under authentication: ${auth}`, async (context) => {
      const server = await start(context, auth, 'clip-320x180.mp4');
      const recorded = await open(server.url.replace('rtsp://', 'rtsp://cam:p%40ss%3Aw%2Frd@'));
      await recorded.until(() => recorded.units(1).length >= 40 && recorded.units(2).length >= 40);
      await recorded.until(() => recorded.events.some(({ type }) => type === 'clock'));
      const units = recorded.units(1);
      const firstKey = units.findIndex(({ key }) => key);
      const sizes = await decodeH264(units.slice(firstKey));
      expect(sizes).toEqual(units.slice(firstKey).map(() => '320x180'));
      expect(recorded.logged.join('')).not.toContain('p@ss');
    });
  }

  for (const auth of ['basic', 'digest'] as const) {
    test(`refuses a wrong password and a missing one under ${auth}`, async (context) => {
      const server = await start(context, auth, 'clip-320x180.mp4');
      await expect(open(server.url.replace('rtsp://', 'rtsp://cam:wrong@'))).rejects.toMatchObject({
        code: 'AUTH_REFUSED',
      });
      await expect(open(server.url)).rejects.toMatchObject({ code: 'AUTH_REQUIRED' });
    });
  }

  test('says NOT_FOUND for a path that is not there', async (context) => {
    const server = await start(context, 'none', 'clip-320x180.mp4');
    await expect(open(`${server.url}-other`)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('plays HEVC without sound, the first key frame with its parameter sets', async (context) => {
    const server = await start(context, 'none', 'clip-hevc.mp4');
    const recorded = await open(server.url);
    await recorded.until(() => recorded.units(1).length >= 40);
    expect(recorded.events[0]).toMatchObject({ type: 'tracks', tracks: [{ codec: 'hevc', kind: 'video' }] });
    const keys = recorded.units(1).filter(({ key }) => key);
    const types = keys.map(({ payload }) =>
      payload.form === 'pieces' ? payload.parameterSets.map((nal) => (nal.readUInt8(0) >> 1) & 63) : [],
    );
    // The other key frames are CRA pictures, before which this server repeats nothing.
    expect(types[0]).toEqual([32, 33, 34]);
    expect(types.length).toBeGreaterThan(1);
  });
});
