import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { streamId } from '#server/contracts/ids.ts';
import { aNodeHealth } from '#server/testing/node-health.ts';
import { StreamsHouse, beat, join } from '#server/testing/streams-house.ts';

let house: StreamsHouse;
beforeAll(async () => {
  house = await StreamsHouse.open();
});
beforeEach(() => house.empty());
afterAll(() => house.close());

describe('leases', () => {
  test('a camera becomes an assignment of a slicer and of an ingest node that point at each other', async () => {
    const camera = await house.addCamera({ address: 'rtsp://u:secret@camera.example/live' });
    const gateway = house.gateway();
    const slicer = join(gateway, 'slicer', { url: 'http://127.0.0.1:7001' });
    const ingest = join(gateway, 'ingest');
    await gateway.pass();
    expect(slicer.told).toMatchObject([
      { type: 'slice', full: true, streams: [{ streamId: camera.streamId, epoch: 1, firstMediaSequence: 0 }] },
    ]);
    expect(ingest.told).toMatchObject([
      {
        type: 'ingest',
        full: true,
        streams: [
          {
            streamId: camera.streamId,
            epoch: 1,
            logUrl: `ws://127.0.0.1:7001/log/v1/streams/${camera.streamId}?rung=src`,
            source: { kind: 'rtsp', address: 'rtsp://u:secret@camera.example/live', timeZone: 'Asia/Tokyo' },
          },
        ],
      },
    ]);
  });

  test('two ingest nodes of two gateways never hold the same stream, and share the load', async () => {
    for (let count = 0; count < 6; count += 1) await house.addCamera();
    const [first, second] = [house.gateway(), house.gateway()];
    join(first, 'slicer');
    const one = join(first, 'ingest');
    const two = join(second, 'ingest');
    await Promise.all([first.pass(), second.pass()]);
    await Promise.all([first.pass(), second.pass()]);
    await first.pass();
    await second.pass();
    const both = [...one.held.keys()].filter((stream) => two.held.has(stream));
    expect(both).toEqual([]);
    expect(one.held.size + two.held.size).toBe(6);
    expect(one.held.size).toBeLessThanOrEqual(6);
    expect((await house.leases('ingest')).every((lease) => lease.epoch === 1)).toBe(true);
  });

  test('a dead ingest node is replaced within 10 s, with the epoch one higher', async () => {
    const camera = await house.addCamera();
    const gateway = house.gateway();
    const slicer = join(gateway, 'slicer');
    const dead = join(gateway, 'ingest', { capacity: 1 });
    await gateway.pass();
    expect(dead.held.get(camera.streamId)).toBe(1);
    const heir = join(gateway, 'ingest');
    const diedAt = house.time;
    while (!heir.held.has(camera.streamId) && house.time - diedAt < 20_000) {
      house.time += 1000;
      await beat(gateway, slicer);
      await beat(gateway, heir);
      await gateway.pass();
    }
    expect(house.time - diedAt).toBeLessThanOrEqual(10_000);
    expect(house.time - diedAt).toBeGreaterThanOrEqual(5000);
    expect(heir.held.get(camera.streamId)).toBe(2);
  });

  test('an ingest node that says good-bye is replaced at once', async () => {
    const camera = await house.addCamera();
    const gateway = house.gateway();
    join(gateway, 'slicer');
    const leaver = join(gateway, 'ingest', { capacity: 1 });
    await gateway.pass();
    const heir = join(gateway, 'ingest');
    await gateway.linkClosed(leaver.link, true);
    await gateway.pass();
    expect(heir.held.get(camera.streamId)).toBe(2);
  });

  test('an outage of the database reshuffles nothing', async () => {
    const camera = await house.addCamera();
    const [first, second] = [house.gateway(), house.gateway()];
    const slicer = join(first, 'slicer');
    const holder = join(first, 'ingest', { capacity: 1 });
    await first.pass();
    const other = join(second, 'ingest');
    house.time += 60_000;
    for (const [gateway, node] of [
      [first, slicer],
      [first, holder],
      [second, other],
    ] as const)
      await beat(gateway, node);
    // The gateway without the holder is the first to reach the database again.
    await second.pass();
    await first.pass();
    await second.pass();
    expect(holder.held.get(camera.streamId)).toBe(1);
    expect(other.held.size).toBe(0);
  });

  test('a gateway that starts again gives the nodes time to come back', async () => {
    const camera = await house.addCamera();
    const first = house.gateway();
    join(first, 'slicer', { url: 'http://127.0.0.1:7003' });
    const holder = join(first, 'ingest', { capacity: 1 });
    await first.pass();
    house.time += 6000;
    const second = house.gateway();
    const stranger = join(second, 'ingest');
    await second.pass();
    expect(stranger.held.size).toBe(0);
    const back = second.linkOpened(holder.link.hello, { host: null, send: (message) => holder.told.push(message) });
    expect(back.hello.node).toBe(holder.id);
    await second.pass();
    expect((await house.leases('ingest'))[0]).toMatchObject({ streamId: camera.streamId, nodeId: holder.id, epoch: 1 });
  });

  test('a slicer that takes over elsewhere starts well above the last media sequence; one at the same place goes on', async () => {
    const camera = await house.addCamera();
    const gateway = house.gateway();
    const first = join(gateway, 'slicer', { url: 'http://127.0.0.1:7005', place: 'disk a' });
    await gateway.pass();
    await gateway.received(first.link, {
      type: 'sequences',
      sequences: [{ streamId: streamId.parse(camera.streamId), mediaSequence: 700 }],
    });
    await gateway.linkClosed(first.link, true);
    const same = join(gateway, 'slicer', { url: 'http://127.0.0.1:7006', place: 'disk a' });
    await gateway.pass();
    expect(same.told.at(-1)).toMatchObject({ streams: [{ epoch: 2, firstMediaSequence: 700 }] });
    await gateway.linkClosed(same.link, true);
    const elsewhere = join(gateway, 'slicer', { url: 'http://127.0.0.1:7007', place: 'disk b' });
    await gateway.pass();
    expect(elsewhere.told.at(-1)).toMatchObject({ streams: [{ epoch: 3, firstMediaSequence: 800 }] });
  });

  test('a slicer whose stream was taken over is told who has it now', async () => {
    const camera = await house.addCamera();
    const gateway = house.gateway();
    const old = join(gateway, 'slicer', { url: 'http://127.0.0.1:7021', place: 'disk a' });
    await gateway.pass();
    join(gateway, 'slicer', { url: 'http://127.0.0.1:7022', place: 'disk b' });
    for (let second = 0; second < 20 && old.held.size > 0; second += 1) {
      house.time += 1000;
      for (const node of gateway.links.ofRole('slicer'))
        if (node !== old.link) await gateway.received(node, { type: 'heartbeat', health: aNodeHealth, disk: null });
      await gateway.pass();
    }
    expect(old.told.at(-1)).toEqual({
      type: 'release',
      streamIds: [camera.streamId],
      erase: false,
      movedTo: 'http://127.0.0.1:7022',
    });
  });

  test('a changed address is told again under the same epoch; a deleted camera is let go and its log kept', async () => {
    const camera = await house.addCamera();
    const gateway = house.gateway();
    const slicer = join(gateway, 'slicer');
    const ingest = join(gateway, 'ingest');
    await gateway.pass();
    await house.sources.update(house.owner, camera.id, { address: 'rtsp://camera.example/other' });
    await gateway.pass();
    expect(ingest.told.at(-1)).toMatchObject({
      full: false,
      streams: [{ epoch: 1, source: { address: 'rtsp://camera.example/other' } }],
    });
    await house.sources.delete(house.owner, camera.id);
    await gateway.pass();
    expect(ingest.told.at(-1)).toEqual({ type: 'release', streamIds: [camera.streamId], erase: false });
    expect(slicer.held.has(camera.streamId)).toBe(true);
  });

  test('no node is given an erased stream again, not by a pass that was under way either', async () => {
    const camera = await house.addCamera();
    const gateway = house.gateway();
    const slicer = join(gateway, 'slicer');
    await gateway.pass();
    const passing = gateway.pass();
    expect(gateway.erase(streamId.parse(camera.streamId))).toBe(true);
    await passing;
    await gateway.pass();
    const last = slicer.told.findLast(
      (message) => message.type === 'slice' || (message.type === 'release' && message.erase),
    );
    expect(last?.type).toBe('release');
    expect(slicer.held.size).toBe(0);
  });

  test('a node takes no more than it can', async () => {
    for (let count = 0; count < 3; count += 1) await house.addCamera();
    const gateway = house.gateway();
    join(gateway, 'slicer');
    const small = join(gateway, 'ingest', { capacity: 2 });
    await gateway.pass();
    expect(small.held.size).toBe(2);
  });
});
