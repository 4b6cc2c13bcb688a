import { fileURLToPath } from 'node:url';

import { findIsoBox, readIsoBoxes, readMvhd, readTkhd, readTrex } from '@svta/cml-iso-bmff';
import { Demuxer } from 'node-av/api';
import { expect, test } from 'vitest';

import { spliceInits } from './moov-splice.ts';
import { fragmentTrack } from './sample-media.ts';

const clip = fileURLToPath(new URL('../../../server/testing/fixtures/clip-320x180.mp4', import.meta.url));

test('libav reads every frame of both tracks behind a spliced init', async () => {
  const video = await fragmentTrack(clip, 'video', 1);
  const audio = await fragmentTrack(clip, 'audio', 2);
  const init = spliceInits([video.init, audio.init]);
  const demuxer = await Demuxer.open(Buffer.concat([init, ...video.chunks, ...audio.chunks]));
  const frames = new Map<number, number>();
  for await (const packet of demuxer.packets()) {
    if (!packet) break;
    frames.set(packet.streamIndex, (frames.get(packet.streamIndex) ?? 0) + 1);
    packet.free();
  }
  await demuxer.close();
  expect([frames.get(0), frames.get(1)]).toEqual([video.chunks.length, audio.chunks.length]);
  expect(video.chunks.length).toBe(100);
});

test('a foreign parser finds both tracks, both trex and the next track id in it', async () => {
  const video = await fragmentTrack(clip, 'video', 1);
  const audio = await fragmentTrack(clip, 'audio', 2);
  const init = spliceInits([video.init, audio.init]);
  const readers = { mvhd: readMvhd, tkhd: readTkhd, trex: readTrex };
  const boxes = readIsoBoxes(new Uint8Array(init), { readers });
  const text = JSON.stringify(boxes, (key, value: unknown) => (key === 'view' ? undefined : value));
  expect(findIsoBox(boxes, (box) => box.type === 'mvhd')).toMatchObject({ nextTrackId: 3 });
  expect([...text.matchAll(/"type":"trex"/g)]).toHaveLength(2);
  expect([...text.matchAll(/"type":"trak"/g)]).toHaveLength(2);
  expect([...text.matchAll(/"type":"mvex"/g)]).toHaveLength(1);
  for (const track of [video, audio]) {
    const start = track.init.indexOf('trak') - 4;
    expect(init.includes(track.init.subarray(start, start + track.init.readUInt32BE(start)))).toBe(true);
  }
});
