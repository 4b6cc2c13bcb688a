import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { FeedsService } from '#server/feeds/service.ts';
import { cloneDatabase } from '#server/testing/database.ts';
import { anActor, anOwner } from '#server/testing/factories.ts';
import { aFeedsService } from '#server/testing/feed-server.ts';

let clone: Awaited<ReturnType<typeof cloneDatabase>>;
let owner: Awaited<ReturnType<typeof anOwner>>;
let feeds: FeedsService;
const never = new AbortController().signal;
const shown = () => clone.database.camera.count({ where: { withheldAt: null } });

beforeAll(async () => {
  clone = await cloneDatabase();
  owner = await anOwner(clone.database);
});
afterAll(async () => clone[Symbol.asyncDispose]());
beforeEach(async () => {
  await clone.database.importRun.deleteMany();
  await clone.database.camera.deleteMany();
  await clone.database.stream.deleteMany();
  feeds = aFeedsService(clone.database);
});
afterEach(async () => feeds.close());

describe('a file', () => {
  const csv =
    'name,lat,lon,url\nGate,35.6,139.7,rtsp://guard:hunter2@cam.example/1\nRoof,35.7,139.8,https://cam.example/a.jpg?key=s3cret\n';

  test('is shown before anything is done, and taken once however often it is given', async () => {
    expect(feeds.files.preview(owner, { name: 'cams.csv', text: csv })).toMatchObject({
      format: 'csv',
      accepted: 2,
      rejected: 0,
      mapping: { name: 'name', latitude: 'lat', address: 'url' },
    });
    expect(await shown()).toBe(0);
    for (const expected of [{ added: 2 }, { added: 0, unchanged: 2 }]) {
      const { runId } = await feeds.files.start(owner, { name: 'cams.csv', text: csv });
      await feeds.perform(runId, never);
      expect(await feeds.run(owner, runId)).toMatchObject({ source: 'file:cams.csv', state: 'done', ...expected });
    }
    expect(await clone.database.camera.findFirst({ where: { name: 'Gate' } })).toMatchObject({
      ownerId: owner.userId,
      hasCredentials: true,
    });
  });

  test('keeps its passwords: neither what waits nor what leaves tells them', async () => {
    const { runId } = await feeds.files.start(owner, { name: 'cams.csv', text: csv });
    expect(JSON.stringify(await clone.database.importRun.findMany())).not.toMatch(/hunter2|s3cret/);
    await feeds.perform(runId, never);
    for (const format of ['csv', 'geojson', 'm3u', 'opml'] as const) {
      const { text } = await feeds.files.export(owner, format);
      expect(text).toContain('rtsp://cam.example/1');
      expect(text).not.toMatch(/hunter2|s3cret|guard/);
    }
    await expect(feeds.files.export(anActor(), 'csv')).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  test('that can not be read is refused with its reason', async () => {
    expect(() => feeds.files.preview(owner, { name: 'x.geojson', text: '{"type":' })).toThrow('not whole JSON');
    const start = (text: string) => feeds.files.start(owner, { name: 'x.csv', text });
    await expect(start('<html><body>Maintenance</body></html>')).rejects.toMatchObject({ details: { fault: 'HTML' } });
    await expect(start('name,url\na,b\n')).rejects.toMatchObject({ details: { fault: 'NO_ROW_TAKEN' } });
    await expect(start('name,url\n')).rejects.toMatchObject({ details: { fault: 'NO_ROWS' } });
  });

  test('says of an address what is wrong with it, and reads what an earlier version wrote of a run', async () => {
    const text = 'name,lat,lon,url,kind\nA,35,139,ftp://c.example/a,rtsp\nB,35,139,rtsp://c.example/b,\n';
    const { runId } = await feeds.files.start(owner, { name: 'x.csv', text });
    expect(await feeds.report(owner, runId)).toEqual([{ row: 'row 2', code: 'ADDRESS_SCHEME', about: 'rtsp: rtsps:' }]);
    await clone.database.importRun.update({
      where: { id: runId },
      data: { rejectedRows: [{ row: 'row 9', reason: 'it has no address' }] },
    });
    expect(await feeds.report(owner, runId)).toEqual([{ row: 'row 9', code: 'OTHER', about: 'it has no address' }]);
  });

  test('of 10,000 cameras is in within a minute', { timeout: 90_000 }, async () => {
    const rows = Array.from({ length: 10_000 }, (_, index) => {
      const [latitude, longitude] = [-60 + (index % 130), -170 + ((index * 7) % 340)];
      return `Camera ${index},${latitude}.5,${longitude}.25,https://cam.example/${index}.jpg`;
    });
    const startedAt = performance.now();
    const { runId } = await feeds.files.start(owner, {
      name: 'many.csv',
      text: ['name,lat,lon,url', ...rows].join('\n'),
    });
    await feeds.perform(runId, never);
    const seconds = (performance.now() - startedAt) / 1000;
    expect(await feeds.run(owner, runId)).toMatchObject({ state: 'done', added: 10_000, rejected: 0 });
    process.stdout.write(`import of 10,000 cameras: ${seconds.toFixed(1)} s\n`);
    expect(seconds).toBeLessThan(60);
  });
});
