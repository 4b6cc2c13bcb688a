import type { RequestListener } from 'node:http';

import { v7 as uuidv7 } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { readSetting } from '#server/platform/settings.ts';
import { cloneDatabase } from '#server/testing/database.ts';
import { aBus, anActor, anOwner, aSourcesService } from '#server/testing/factories.ts';
import { feedFaults } from '#server/testing/feed-faults.ts';
import { aFeed, aFeedsService, aPublisher, jamCams, sendsJson } from '#server/testing/feed-server.ts';

import type { FeedsService } from './service.ts';

let clone: Awaited<ReturnType<typeof cloneDatabase>>;
let owner: Awaited<ReturnType<typeof anOwner>>;
let publisher: Awaited<ReturnType<typeof aPublisher>>;
let feeds: FeedsService;
const anonymous = { type: 'anonymous' } as const;
const never = new AbortController().signal;
/** Vitest's own answers `any`. */
const containing = (text: string): unknown => expect.stringContaining(text);

const tfl = () => aFeed('tfl', [{ part: 'cameras', url: `${publisher.url}/jamcams` }]);
/** The two districts of the double. */
const caltrans = () =>
  aFeed(
    'caltrans',
    [4, 7].map((district) => ({
      part: `district ${district}`,
      url: `${publisher.url}/d${district}`,
      scope: `d${district}:`,
    })),
  );

beforeAll(async () => {
  clone = await cloneDatabase();
  owner = await anOwner(clone.database);
});
afterAll(async () => clone[Symbol.asyncDispose]());
beforeEach(async () => {
  await clone.database.importRun.deleteMany();
  await clone.database.feed.deleteMany();
  await clone.database.setting.deleteMany();
  await clone.database.camera.deleteMany();
  await clone.database.stream.deleteMany();
  publisher = await aPublisher();
  feeds = aFeedsService(clone.database, { feeds: [tfl()] });
});
afterEach(async () => {
  await feeds.close();
  await publisher[Symbol.asyncDispose]();
});

async function read(options: { id?: string; acceptFewer?: boolean } = {}) {
  const { runId } = await feeds.readNow(owner, { id: options.id ?? 'tfl', acceptFewer: options.acceptFewer });
  await feeds.perform(runId, never);
  return feeds.run(owner, runId);
}

/** Says yes and does the reading that this queues. */
async function enable(id = 'tfl') {
  await feeds.setEnabled(owner, { id, enabled: true });
  return read({ id });
}

const shown = () => clone.database.camera.count({ where: { withheldAt: null } });
const viewOf = async (id = 'tfl') => (await feeds.list(owner)).find((feed) => feed.id === id);

describe('consent', () => {
  test('nothing is asked of anybody before the operator says yes, and nobody else can say it', async () => {
    await feeds.queueDue();
    await expect(feeds.choose(anActor(), 'wanted')).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(feeds.readNow(owner, { id: 'tfl' })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await feeds.openRuns()).toEqual([]);
    expect(publisher.asked).toEqual([]);
    expect(await readSetting(clone.database, 'publicFeeds')).toBe('unasked');
  });

  test('after a yes each feed is read once, politely, and its cameras carry their credit', async () => {
    const events = aBus();
    const queued = vi.fn<(runId: string) => void>();
    events.on('import.queued', ({ runId }) => queued(runId));
    feeds = aFeedsService(clone.database, { feeds: [tfl()], events });
    publisher.answers(sendsJson(jamCams(3)));
    await feeds.choose(owner, 'wanted');
    const [open] = await feeds.openRuns();
    expect(queued.mock.calls).toEqual([[open?.id]]);
    await feeds.perform(open?.id ?? '', never);
    expect(publisher.asked).toHaveLength(1);
    expect(publisher.asked[0]?.headers).toMatchObject({ 'user-agent': containing('Sensorium') });
    const camera = await clone.database.camera.findFirst({ where: { origin: 'tfl:00001.2' } });
    expect(camera).toMatchObject({
      feed: 'tfl',
      country: 'GB',
      timeZone: 'Europe/London',
      ingest: 'onDemand',
      recordPolicy: { mode: 'off' },
      attribution: containing('Powered by TfL Open Data'),
      attributionUrl: containing('tfl.gov.uk'),
      ownerId: null,
    });
    expect(await viewOf()).toMatchObject({ enabled: true, condition: 'ok', cameras: 3, fault: null });
    expect(await readSetting(clone.database, 'publicFeeds')).toBe('wanted');
  });

  test('a no hides all of them; a later yes shows them again, but none that others have withheld', async () => {
    publisher.answers(sendsJson(jamCams(4)));
    await enable();
    const takenDown = { withheldAt: new Date(), withheldReason: 'TAKEN_DOWN' };
    await clone.database.camera.updateMany({ where: { origin: 'tfl:00001.0' }, data: takenDown });
    await feeds.choose(owner, 'refused');
    expect(await shown()).toBe(0);
    expect(await viewOf()).toMatchObject({ condition: 'off', cameras: 0 });
    await enable();
    expect(await clone.database.camera.findMany({ where: { withheldAt: { not: null } } })).toMatchObject([
      { origin: 'tfl:00001.0', withheldReason: 'TAKEN_DOWN' },
    ]);
  });
});

describe('a list that changes', () => {
  test('keeps each camera by its id, hides what is gone, shows it again when it is back', async () => {
    publisher.answers(sendsJson(jamCams(5)));
    expect(await enable()).toMatchObject({ state: 'done', total: 5, done: 5, added: 5, changed: 0 });
    const before = await clone.database.camera.findFirst({ where: { origin: 'tfl:00001.1' } });
    publisher.answers(sendsJson(jamCams(4, (index) => (index === 1 ? { commonName: 'Renamed' } : {}))));
    expect(await read()).toMatchObject({ added: 0, changed: 1, unchanged: 3, removed: 1 });
    const after = await clone.database.camera.findFirst({ where: { origin: 'tfl:00001.1' } });
    expect(after).toMatchObject({ id: before?.id, streamId: before?.streamId, name: 'Renamed' });
    expect(await clone.database.camera.findFirst({ where: { origin: 'tfl:00001.4' } })).toMatchObject({
      withheldReason: 'NOT_LISTED',
    });
    publisher.answers(sendsJson(jamCams(5)));
    expect(await read()).toMatchObject({ added: 0, changed: 2, removed: 0 });
    expect(await shown()).toBe(5);
  });

  test('that reports a camera as faulty has it offline until it reports it well, or somebody has looked', async () => {
    const requests = [{ part: 'stations', url: `${publisher.url}/stations` }];
    feeds = aFeedsService(clone.database, { feeds: [aFeed('digitraffic', requests)] });
    const stations = (state: string | null) =>
      [1, 2].map((number) => ({
        id: `C0000${number}`,
        geometry: { coordinates: [24.9, 60.2] },
        properties: {
          name: `vt${number}_Helsinki`,
          collectionStatus: 'GATHERING',
          state,
          presets: [{ id: `C0000${number}01`, inCollection: true }],
        },
      }));
    const states = async () => {
      const select = { stream: { select: { state: true, stateReason: true } } };
      const rows = await clone.database.camera.findMany({ orderBy: { origin: 'asc' }, select });
      return rows.map(({ stream }) => `${stream.state} ${stream.stateReason}`);
    };
    publisher.answers(sendsJson({ features: stations('REPAIR') }));
    await enable('digitraffic');
    expect(await states()).toEqual(['offline reportedFaulty', 'offline reportedFaulty']);
    const looked = await clone.database.camera.findFirst({ where: { origin: 'digitraffic:C0000101' } });
    const seen = { state: 'delayed', stateReason: null };
    await clone.database.stream.update({ where: { id: looked?.streamId ?? '' }, data: seen });
    expect(await read({ id: 'digitraffic' })).toMatchObject({ unchanged: 2 });
    expect(await states()).toEqual(['delayed null', 'offline reportedFaulty']);
    publisher.answers(sendsJson({ features: stations(null) }));
    await read({ id: 'digitraffic' });
    expect(await states()).toEqual(['delayed null', 'unchecked null']);
  });

  test('is not read again while the server says that it is the same', async () => {
    publisher.answers((request, response) => {
      if (request.headers['if-none-match'] === '"v1"') response.writeHead(304).end();
      else response.writeHead(200, { etag: '"v1"' }).end(JSON.stringify(jamCams(3)));
    });
    await enable();
    expect(await read()).toMatchObject({ state: 'done', total: 0, unchanged: 3 });
    expect(await viewOf()).toMatchObject({ condition: 'ok', cameras: 3 });
  });

  test('that lists less than half needs the word of the operator; an empty one is never taken', async () => {
    publisher.answers(sendsJson(jamCams(10)));
    await enable();
    publisher.answers(sendsJson(jamCams(4)));
    expect(await read()).toMatchObject({ state: 'failed', fault: containing('SHRUNKEN') });
    expect(await viewOf()).toMatchObject({ condition: 'failing', shrunken: true, cameras: 10 });
    expect(await read({ acceptFewer: true })).toMatchObject({ state: 'done', removed: 6 });
    publisher.answers(sendsJson([]));
    expect(await read({ acceptFewer: true })).toMatchObject({
      state: 'failed',
      fault: containing('EMPTY'),
    });
    expect(await shown()).toBe(4);
  });

  test('goes stale when nothing good was read for three intervals', async () => {
    let time = Date.now();
    feeds = aFeedsService(clone.database, { feeds: [tfl()], now: () => new Date(time) });
    publisher.answers(sendsJson(jamCams(3)));
    await enable();
    expect(await feeds.staleFeeds()).toEqual([]);
    time += 3.1 * tfl().intervalSeconds * 1000;
    expect(await viewOf()).toMatchObject({ condition: 'stale' });
    expect(await feeds.staleFeeds()).toEqual([tfl().name]);
    await feeds.queueDue();
    const [open] = await feeds.openRuns();
    await feeds.perform(open?.id ?? '', never);
    expect(await feeds.staleFeeds()).toEqual([]);
  });
});

describe('a publisher that', () => {
  test.each(feedFaults)('%s harms nothing, and the operator is told', async (_name, code, listener) => {
    publisher.answers(sendsJson(jamCams(5)));
    await enable();
    publisher.answers(listener);
    expect(await read()).toMatchObject({ state: 'failed', fault: containing(code) });
    expect(await shown()).toBe(5);
    expect(await viewOf()).toMatchObject({ condition: 'failing', cameras: 5, fault: containing(code) });
    expect((await feeds.list(anonymous))[0]).toMatchObject({ fault: null, shrunken: false });
  });

  test('is there again after a moment is asked again, a bounded number of times', async () => {
    let count = 0;
    publisher.answers((request, response) => {
      count += 1;
      if (count < 3) response.writeHead(503).end();
      else sendsJson(jamCams(3))(request, response);
    });
    expect(await enable()).toMatchObject({ state: 'done', added: 3 });
    publisher.answers((_, response) => response.writeHead(503).end());
    await read();
    expect(publisher.asked).toHaveLength(6);
  });

  test('loses one of its documents keeps the cameras of that one, also when it lists nothing', async () => {
    const district = (number: number, count: number) => ({
      data: Array.from({ length: count }, (_, index) => ({
        cctv: {
          index: String(index),
          location: { district: String(number), locationName: `Road ${index}`, latitude: '34.1', longitude: '-118.2' },
          inService: 'true',
          imageData: { static: { currentImageURL: `https://cwwp2.dot.ca.gov/data/d${number}/cctv/c${index}.jpg` } },
        },
      })),
    });
    feeds = aFeedsService(clone.database, { feeds: [caltrans()] });
    publisher.answers((request, response) => sendsJson(district(request.url === '/d4' ? 4 : 7, 5))(request, response));
    expect(await enable('caltrans')).toMatchObject({ added: 10, fault: null });
    for (const broken of [
      (_: unknown, response: Parameters<RequestListener>[1]) => response.writeHead(500).end(),
      sendsJson({ data: [] }),
    ]) {
      publisher.answers((request, response) =>
        (request.url === '/d4' ? broken : sendsJson(district(7, 4)))(request, response),
      );
      expect(await read({ id: 'caltrans' })).toMatchObject({
        state: 'done',
        fault: containing('district 4'),
      });
      expect(
        await clone.database.camera.count({ where: { withheldAt: null, origin: { startsWith: 'caltrans:d4:' } } }),
      ).toBe(5);
      expect(await shown()).toBe(9);
    }
    expect(feeds.feedLimits().get('caltrans')).toBe(9);
  });
});

describe('a run', () => {
  test('is one at a time for a feed, and can be cancelled while the server is waited for', async () => {
    publisher.answers(() => {});
    await feeds.setEnabled(owner, { id: 'tfl', enabled: true });
    const [first, second] = await Promise.all([
      feeds.readNow(owner, { id: 'tfl' }),
      feeds.readNow(owner, { id: 'tfl' }),
    ]);
    expect(second).toEqual(first);
    const performing = feeds.perform(first.runId, never);
    await vi.waitFor(() => expect(publisher.asked).toHaveLength(1), { timeout: 10_000 });
    expect(await viewOf()).toMatchObject({ condition: 'running' });
    expect(await feeds.cancelRun(owner, first.runId)).toMatchObject({ state: 'cancelled' });
    await performing;
    expect(await feeds.run(owner, first.runId)).toMatchObject({ state: 'cancelled', fault: null });
    await feeds.queueDue();
    expect(await feeds.openRuns()).toEqual([]);
  });

  test('is listed among the others a page at a time, the newest first, whatever is added or pruned meanwhile', async () => {
    const at = Date.parse('2026-01-01T00:00:00.000Z');
    const rows = Array.from({ length: 7 }, (_, index) => ({
      id: uuidv7(),
      source: 'feed:tfl',
      state: 'done',
      // Two began in the same moment.
      startedAt: new Date(at + Math.min(index, 5) * 1000),
    }));
    await clone.database.importRun.createMany({ data: rows });
    const newestFirst = rows.map(({ id }) => id).toReversed();
    const first = await feeds.runs(owner, { limit: 3 });
    expect(first.items.map(({ id }) => id)).toEqual(newestFirst.slice(0, 3));
    await clone.database.importRun.delete({ where: { id: newestFirst[2] ?? '' } });
    await clone.database.importRun.create({ data: { id: uuidv7(), source: 'feed:tfl', state: 'done' } });
    const second = await feeds.runs(owner, { cursor: first.nextCursor, limit: 4 });
    expect(second.items.map(({ id }) => id)).toEqual(newestFirst.slice(3));
    expect(second.nextCursor).toBeNull();
    await expect(feeds.runs(owner, { cursor: 'not ours', limit: 3 })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  test('that lost its process is taken up where it was, and the dead one can write no more', async () => {
    publisher.answers(sendsJson(jamCams(1200)));
    const sources = aSourcesService(clone.database);
    const stuck = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    let batches = 0;
    const apply = sources.bulk.apply.bind(sources.bulk);
    vi.spyOn(sources.bulk, 'apply').mockImplementation(async (...given) => {
      batches += 1;
      if (batches === 2) {
        reached.resolve();
        await stuck.promise;
      }
      return apply(...given);
    });
    const dying = aFeedsService(clone.database, { feeds: [tfl()], sources });
    await dying.setEnabled(owner, { id: 'tfl', enabled: true });
    const { runId } = await dying.readNow(owner, { id: 'tfl' });
    const late = dying.perform(runId, never);
    await reached.promise;
    expect(await feeds.run(owner, runId)).toMatchObject({ state: 'running', total: 1200, done: 500, added: 500 });
    publisher.answers((_, response) => response.writeHead(500).end());
    await feeds.perform(runId, never);
    expect(await feeds.run(owner, runId)).toMatchObject({ state: 'done', done: 1200, added: 1200, changed: 0 });
    stuck.resolve();
    await late;
    expect(await feeds.run(owner, runId)).toMatchObject({ state: 'done', done: 1200, added: 1200, unchanged: 0 });
    expect(await shown()).toBe(1200);
    await dying.close();
  });

  test('says of every line that was left out why, in a report besides the first two hundred', async () => {
    publisher.answers(sendsJson(jamCams(600, (index) => (index >= 300 ? { lat: 0, lon: 0 } : {}))));
    const run = await enable();
    expect(run).toMatchObject({ added: 300, rejected: 300 });
    expect(run.rejectedRows).toHaveLength(200);
    const report = await feeds.report(owner, run.id);
    expect(report).toHaveLength(300);
    expect(new Set(report.map(({ code }) => code))).toEqual(new Set(['POSITION_ZERO']));
    await expect(feeds.report(anonymous, run.id)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

test('the internet answers when any publisher does, whatever it says; the answer is kept for a while', async () => {
  expect(await feeds.online(owner)).toBe(true);
  await feeds.online(owner);
  expect(publisher.asked).toHaveLength(1);
  const alone = aFeedsService(clone.database, {
    feeds: [aFeed('tfl', [{ part: 'cameras', url: 'http://127.0.0.1:1/' }])],
  });
  expect(await alone.online(owner)).toBe(false);
  await alone.close();
});
