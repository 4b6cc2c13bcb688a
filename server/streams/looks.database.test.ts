import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as inFolder } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { streamId } from '#server/contracts/ids.ts';
import type { LookReport } from '#server/contracts/look.ts';
import { aBus, aSourcesService } from '#server/testing/factories.ts';
import { StreamsHouse, beat, join, type FakeNode } from '#server/testing/streams-house.ts';

import type { StreamsService } from './service.ts';

let house: StreamsHouse;
beforeAll(async () => {
  house = await StreamsHouse.open();
});
beforeEach(() => house.empty());
afterAll(() => house.close());

describe('looks', () => {
  const folder = inFolder(tmpdir(), `looks-${randomUUID()}`);
  afterAll(async () => rm(folder, { recursive: true, force: true }));
  const looks = () => ({ dir: inFolder(folder, randomUUID()), perMinute: 60, bytesPerSecond: 100_000 });
  const aLook = (more: Partial<LookReport> = {}): LookReport => ({
    ok: true,
    frameTime: new Date(house.time).toISOString(),
    hash: randomUUID(),
    bytes: 20_000,
    ms: 100,
    width: 640,
    height: 480,
    thumbnail: Buffer.from('a picture').toString('base64'),
    fault: null,
    ...more,
  });
  const asked = (node: FakeNode) => node.told.filter((message) => message.type === 'look');
  const lookOf = async (id: string) => house.database.stream.findUniqueOrThrow({ where: { id } });

  async function answer(gateway: StreamsService, node: FakeNode, report: LookReport): Promise<string> {
    const question = await vi.waitUntil(() => asked(node).at(-1), { timeout: 5000 });
    node.told.splice(node.told.indexOf(question), 1);
    await gateway.received(node.link, {
      type: 'looked',
      requestId: question.requestId,
      streamId: question.streamId,
      report,
    });
    return question.streamId;
  }

  test('what nobody reads is looked at in turn, and called live only after two pictures that differ', async () => {
    const camera = await house.addCamera({ kind: 'snapshot', address: 'http://cam.example/a.jpg', ingest: 'onDemand' });
    await house.addCamera({ ingest: 'onDemand', visibility: 'private' });
    await house.addCamera();
    const gateway = house.gateway(aBus(), { looks: looks() });
    const ingest = join(gateway, 'ingest');
    await gateway.pass();
    const state = async () => (await gateway.states([streamId.parse(camera.streamId)]))[0];
    const step = () => gateway.looks.rotation.tick();
    await step();
    expect(await answer(gateway, ingest, aLook())).toBe(camera.streamId);
    await gateway.looks.rotation.settled();
    await gateway.pass();
    expect(await state()).toMatchObject({ state: 'delayed', measuredAt: new Date(house.time).toISOString() });
    // Not again before its round is over.
    house.time += 60_000;
    await beat(gateway, ingest);
    await gateway.pass();
    await step();
    expect(asked(ingest)).toHaveLength(0);
    house.time += 600_000;
    await beat(gateway, ingest);
    await gateway.pass();
    await step();
    await answer(gateway, ingest, aLook());
    await gateway.looks.rotation.settled();
    await gateway.pass();
    expect(await state()).toMatchObject({ state: 'live' });
    expect((await lookOf(camera.streamId)).look).toMatchObject({ failures: 0, width: 640 });
  });

  test('a state that nobody has confirmed for three rounds is not known any more', async () => {
    const camera = await house.addCamera({ kind: 'snapshot', address: 'http://cam.example/a.jpg', ingest: 'onDemand' });
    const events = aBus();
    const heard = vi.fn<(state: string) => void>();
    events.on('stream.state', (event) => heard(event.state));
    const gateway = house.gateway(events, { looks: looks() });
    const ingest = join(gateway, 'ingest');
    await gateway.pass();
    await gateway.looks.rotation.tick();
    await answer(gateway, ingest, aLook());
    await gateway.looks.rotation.settled();
    await gateway.pass();
    const unlooked = async (ms: number) => {
      house.time += ms;
      await beat(gateway, ingest);
      await gateway.pass();
      await house.database.camera.update({ where: { id: camera.id }, data: { visibility: 'unlisted' } });
      await gateway.looks.rotation.tick();
      await gateway.pass();
      return (await house.sources.get(house.owner, camera.id)).state;
    };
    expect(await unlooked(1_700_000)).toBe('delayed');
    expect(await unlooked(200_000)).toBe('unchecked');
    expect(heard.mock.calls.flat()).toEqual(['delayed', 'unchecked']);
  });

  test('who sees a camera that was never looked at has it looked at, together with all who see it', async () => {
    const camera = await house.addCamera({ kind: 'snapshot', address: 'http://cam.example/a.jpg', ingest: 'onDemand' });
    const gateway = house.gateway(aBus(), { looks: looks() });
    const ingest = join(gateway, 'ingest');
    await gateway.pass();
    const id = streamId.parse(camera.streamId);
    const seen = [gateway.lookThumbnail(id), gateway.lookThumbnail(id), gateway.lookThumbnail(id)];
    await answer(gateway, ingest, aLook());
    const pictures = await Promise.all(seen);
    expect(pictures.map((picture) => picture?.jpeg.toString())).toEqual(['a picture', 'a picture', 'a picture']);
    expect(asked(ingest)).toHaveLength(0);
    expect(pictures[0]?.capturedAt).toEqual(new Date(house.time));
  });

  test('a picture taken before a mask was set is not shown after it', async () => {
    const camera = await house.addCamera({ kind: 'snapshot', address: 'http://cam.example/a.jpg', ingest: 'onDemand' });
    const events = aBus();
    const gateway = house.gateway(events, { looks: { ...looks(), perMinute: 0 } });
    const ingest = join(gateway, 'ingest');
    const stop = gateway.start();
    const heard = aSourcesService(house.database, { events });
    await gateway.pass();
    const id = streamId.parse(camera.streamId);
    const before = gateway.lookThumbnail(id);
    await vi.waitUntil(() => asked(ingest).length === 1, { timeout: 5000 });
    const corner: [number, number] = [0, 0];
    await heard.setMasks(house.owner, camera.id, [[corner, corner, [1, 1]]]);
    await answer(gateway, ingest, aLook());
    expect(await before).toBeNull();
    house.time += 60_000;
    await beat(gateway, ingest);
    await gateway.pass();
    const after = gateway.lookThumbnail(id);
    await vi.waitUntil(() => asked(ingest).length === 1, { timeout: 5000 });
    expect(asked(ingest)[0]?.source.masks).toHaveLength(1);
    await answer(gateway, ingest, aLook());
    expect(await after).not.toBeNull();
    await stop();
  });

  test('of a feed that allows one, nothing is looked at while one of it is read', async () => {
    const cameras = [];
    for (let count = 0; count < 2; count += 1) cameras.push(await house.addCamera({ ingest: 'onDemand' }));
    await house.database.camera.updateMany({ data: { feed: 'one-at-once' } });
    const gateway = house.gateway(aBus(), { looks: looks(), feedLimits: new Map([['one-at-once', 1]]) });
    const slicer = join(gateway, 'slicer');
    const ingest = join(gateway, 'ingest');
    const [watched] = cameras;
    await gateway.received(slicer.link, { type: 'want', streamId: streamId.parse(watched?.streamId) });
    await gateway.pass();
    await gateway.looks.rotation.tick();
    expect(asked(ingest)).toHaveLength(0);
    house.time += 70_000;
    await beat(gateway, slicer);
    await beat(gateway, ingest);
    await gateway.pass();
    house.time += 6000;
    await gateway.looks.rotation.tick();
    expect(await vi.waitUntil(() => asked(ingest).length, { timeout: 5000 })).toBe(1);
  });
});
