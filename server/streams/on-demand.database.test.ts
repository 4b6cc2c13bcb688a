import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { streamId } from '#server/contracts/ids.ts';
import { aBus } from '#server/testing/factories.ts';
import { StreamsHouse, beat, join } from '#server/testing/streams-house.ts';

let house: StreamsHouse;
beforeAll(async () => {
  house = await StreamsHouse.open();
});
beforeEach(() => house.empty());
afterAll(() => house.close());

describe('a source that is read on demand', () => {
  test('an on-demand source is read while it is wanted and let go a minute after', async () => {
    const camera = await house.addCamera({ ingest: 'onDemand' });
    const gateway = house.gateway();
    const slicer = join(gateway, 'slicer');
    const ingest = join(gateway, 'ingest');
    await gateway.pass();
    expect(ingest.held.size).toBe(0);
    await gateway.received(slicer.link, { type: 'want', streamId: streamId.parse(camera.streamId) });
    await gateway.pass();
    expect(ingest.held.has(camera.streamId)).toBe(true);
    for (let second = 0; second < 62; second += 1) {
      house.time += 1000;
      await beat(gateway, slicer);
      await beat(gateway, ingest);
    }
    await gateway.pass();
    expect(ingest.held.size).toBe(0);
  });

  test('sources that sleep take no part: no node is told of them until somebody asks', async () => {
    const asleep = await house.addCamera({ ingest: 'onDemand' });
    const always = await house.addCamera();
    const gateway = house.gateway();
    const slicer = join(gateway, 'slicer');
    const ingest = join(gateway, 'ingest');
    await gateway.pass();
    expect([...slicer.held.keys()]).toEqual([always.streamId]);
    const place = await gateway.mediaPlace(streamId.parse(asleep.streamId));
    expect(place).toMatchObject({ url: null, isRead: false, source: { streamId: asleep.streamId } });
    if (!place) throw new Error('the stream is not there');
    expect(await gateway.openMedia(place)).toMatchObject({ isRead: true, url: slicer.link.hello.url, refusal: null });
    expect(ingest.held.has(asleep.streamId)).toBe(true);
    expect(slicer.held.has(asleep.streamId)).toBe(true);
  });

  test('the log of a source that sleeps again stays while its recording is to be kept, and is let go then', async () => {
    const recordPolicy = { mode: 'always' as const, maxAgeSeconds: 3600, maxBytes: null };
    const camera = await house.addCamera({ ingest: 'onDemand', recordPolicy });
    const gateway = house.gateway();
    const slicer = join(gateway, 'slicer');
    join(gateway, 'ingest');
    await gateway.received(slicer.link, { type: 'want', streamId: streamId.parse(camera.streamId) });
    await gateway.pass();
    const later = async (minutes: number) => {
      house.time += minutes * 60_000;
      await beat(gateway, slicer);
      await gateway.pass();
      return slicer.held.has(camera.streamId);
    };
    expect(await later(2)).toBe(true);
    expect(await later(60)).toBe(true);
    expect(await later(10)).toBe(false);
  });

  test('of a feed that allows two a third waits, and begins when one was left long enough and is gone', async () => {
    const cameras = [];
    for (let count = 0; count < 3; count += 1) cameras.push(await house.addCamera({ ingest: 'onDemand' }));
    await house.database.camera.updateMany({ data: { feed: 'two-at-once' } });
    const gateway = house.gateway(aBus(), { feedLimits: new Map([['two-at-once', 2]]) });
    const slicer = join(gateway, 'slicer');
    const ingest = join(gateway, 'ingest');
    const [first, second, third] = cameras.map((camera) => streamId.parse(camera.streamId));
    if (!first || !second || !third) throw new Error('there are three');
    const want = (id: typeof first) => gateway.received(slicer.link, { type: 'want', streamId: id });
    await want(first);
    await want(second);
    await gateway.pass();
    expect(new Set(ingest.held.keys())).toEqual(new Set([first, second]));
    const place = await gateway.mediaPlace(third);
    if (!place) throw new Error('the stream is not there');
    expect(await gateway.openMedia(place)).toMatchObject({ isRead: false, refusal: 'feedBusy' });
    expect(await gateway.states([third])).toMatchObject([{ state: 'unchecked', reason: 'feedBusy' }]);
    let most = 0;
    for (let second_ = 0; second_ < 40 && !ingest.held.has(third); second_ += 1) {
      house.time += 1000;
      await beat(gateway, slicer);
      await beat(gateway, ingest);
      // The first is left; the others are watched on.
      if (second_ % 5 === 0) await Promise.all([want(second), want(third)]);
      await gateway.pass();
      most = Math.max(most, ingest.held.size);
    }
    expect(new Set(ingest.held.keys())).toEqual(new Set([second, third]));
    expect(most).toBe(2);
    expect(await gateway.states([third])).toMatchObject([{ reason: null }]);
  });

  test('what is beyond the capacity of the nodes is told so', async () => {
    const gateway = house.gateway();
    const slicer = join(gateway, 'slicer');
    join(gateway, 'ingest', { capacity: 1 });
    await gateway.pass();
    const refusals = [];
    for (let count = 0; count < 2; count += 1) {
      const camera = await house.addCamera({ ingest: 'onDemand' });
      const place = await gateway.mediaPlace(streamId.parse(camera.streamId));
      if (place) refusals.push((await gateway.openMedia(place)).refusal);
    }
    expect(refusals).toEqual([null, 'capacity']);
    expect(slicer.held.size).toBe(1);
  });
});
