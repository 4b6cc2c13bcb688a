import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import type { CameraState } from '#server/contracts/camera.ts';
import { streamId, type StreamId } from '#server/contracts/ids.ts';
import { cloneDatabase } from '#server/testing/database.ts';
import { aBus, silentLog } from '#server/testing/factories.ts';

import { pruneChanges } from './state-history-rows.ts';
import { StateHistory } from './state-history.ts';

const now = Date.parse('2026-11-22T10:00:00Z');
const ago = (seconds: number) => new Date(now - seconds * 1000);

let clone: Awaited<ReturnType<typeof cloneDatabase>>;
beforeAll(async () => {
  clone = await cloneDatabase();
});
afterAll(async () => clone[Symbol.asyncDispose]());
beforeEach(async () => {
  await clone.database.stream.deleteMany();
});

const aHistory = (events = aBus()) =>
  new StateHistory({ database: clone.database, events, log: silentLog, now: () => new Date(now) });

async function aStream(): Promise<StreamId> {
  const id = randomUUID();
  await clone.database.stream.create({ data: { id, epochMs: 0n } });
  return streamId.parse(id);
}

const be = (id: StreamId, state: CameraState, since: Date) =>
  clone.database.stream.update({ where: { id }, data: { state, stateSince: since } });
const rows = () =>
  clone.database.streamStateChange.findMany({ orderBy: [{ at: 'asc' }], select: { at: true, state: true } });

test('a change that two gateways hear of is one change, and what was missed is caught up at the start', async () => {
  const id = await aStream();
  await be(id, 'live', ago(100));
  const [one, other] = [aBus(), aBus()];
  const histories = [aHistory(one), aHistory(other)];
  const stops = histories.map((history) => history.start());
  await expect.poll(rows).toEqual([{ at: ago(100), state: 'live' }]);
  await be(id, 'offline', ago(5));
  for (const bus of [one, other]) bus.publish({ type: 'stream.state', streamId: id, state: 'offline', reason: null });
  await Promise.all(histories.map((history) => history.flush()));
  expect(await rows()).toEqual([
    { at: ago(100), state: 'live' },
    { at: ago(5), state: 'offline' },
  ]);
  await Promise.all(stops.map((stop) => stop()));
});

test('a step forward from a known moment says what a reading of everything says', async () => {
  const ids = await Promise.all(Array.from({ length: 12 }, aStream));
  const states: CameraState[] = ['live', 'offline', 'delayed'];
  for (const [n, id] of ids.entries())
    for (let k = 0; k <= n; k += 1)
      await clone.database.streamStateChange.create({
        data: { streamId: id, at: ago(300 - 20 * k), state: states[(n + k) % 3] ?? 'live' },
      });
  const walking = aHistory();
  for (let seconds = 320; seconds >= 0; seconds -= 30) {
    const [stepped, fresh] = [await walking.statesAt(ago(seconds)), aHistory()];
    const read = await fresh.statesAt(ago(seconds));
    expect(stepped.step).toBe(read.step);
    expect(ids.map((id) => stepped.stateOf(walking.numberOf(id)))).toEqual(
      ids.map((id) => read.stateOf(fresh.numberOf(id))),
    );
  }
  const [before, unknown] = [await walking.statesAt(ago(320)), await aStream()];
  expect(ids.map((id) => before.stateOf(walking.numberOf(id)))).toEqual(ids.map(() => null));
  expect(before.stateOf(walking.numberOf(unknown))).toBeNull();
});

test('pruning keeps what each stream was called at the end of what is kept', async () => {
  const [busy, quiet] = [await aStream(), await aStream()];
  for (const seconds of [500, 400, 300, 100])
    await clone.database.streamStateChange.create({ data: { streamId: busy, at: ago(seconds), state: 'live' } });
  await clone.database.streamStateChange.create({ data: { streamId: quiet, at: ago(900), state: 'still' } });
  expect(await pruneChanges(clone.database, ago(200), 1)).toBe(1);
  expect(await pruneChanges(clone.database, ago(200), 100)).toBe(1);
  expect(await rows()).toEqual([
    { at: ago(900), state: 'still' },
    { at: ago(300), state: 'live' },
    { at: ago(100), state: 'live' },
  ]);
});
