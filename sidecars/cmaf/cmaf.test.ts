import {
  defaultReaderConfig,
  defaultWriterConfig,
  findIsoBox,
  readIsoBoxes,
  writeIsoBoxes,
  type IsoBoxStreamable,
} from '@svta/cml-iso-bmff';
import { createFile, MP4BoxBuffer } from 'mp4box';
import { describe, expect, it } from 'vitest';

import { recordHeaderBytes } from '#server/contracts/log-record.ts';
import { readChunk } from '#server/testing/read-chunk.ts';
import { NalScan } from '#sidecars/codec/annexb.ts';

import { writeChunk, type ChunkSample } from './chunk-writer.ts';
import { writeInitSegment, type TrackInit } from './init-segment.ts';

const hex = (text: string) => Buffer.from(text, 'hex');
const avcC = hex('0142c01effe100196742c01ed900a02ff970110000030001000003003c0f162e4801000568cb83cb20');
const sample = (over: Partial<ChunkSample> = {}): ChunkSample => {
  const data = over.data ?? Buffer.from('frame');
  return {
    scan: null,
    pieces: null,
    size: data.length,
    duration: 3000,
    compositionOffset: 0,
    key: false,
    ...over,
    data,
  };
};
const head = { track: 1, kind: 'video', sequence: 5, tfdt: 3_456_789_012_345, captureUs: 0 } as const;

describe('a chunk', () => {
  it('is what @svta/cml-iso-bmff writes, byte for byte', () => {
    const data = Buffer.alloc(300, 7);
    const own = writeChunk(head, [sample({ data, compositionOffset: -1500 })]).subarray(recordHeaderBytes);
    const run = { sampleDuration: 3000, sampleSize: 300, sampleFlags: 0x01010000, sampleCompositionTimeOffset: -1500 };
    const boxes: IsoBoxStreamable[] = [
      {
        type: 'moof',
        boxes: [
          { type: 'mfhd', version: 0, flags: 0, sequenceNumber: 5 },
          {
            type: 'traf',
            boxes: [
              { type: 'tfhd', version: 0, flags: 0x020000, trackId: 1 },
              { type: 'tfdt', version: 1, flags: 0, baseMediaDecodeTime: head.tfdt },
              { type: 'trun', version: 1, flags: 0xf01, sampleCount: 1, dataOffset: 112, samples: [run] },
            ],
          },
        ],
      },
      { type: 'mdat', data: new Uint8Array(data) },
    ];
    const written = writeIsoBoxes(boxes, defaultWriterConfig());
    expect(own).toEqual(
      Buffer.concat(written.map((view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength))),
    );
  });

  it('is read by @svta/cml-iso-bmff as the tests here read it', () => {
    const bytes = writeChunk({ ...head, captureUs: 1e15 }, [sample(), sample({ key: true })]).subarray(
      recordHeaderBytes,
    );
    const own = readChunk(bytes);
    const boxes = readIsoBoxes(new Uint8Array(bytes), defaultReaderConfig());
    const find = (type: string) => findIsoBox(boxes, (box) => box.type === type);
    expect(boxes.map(({ type }) => type)).toEqual(own.boxes);
    expect(find('mfhd')).toMatchObject({ sequenceNumber: own.sequence });
    expect(find('tfhd')).toMatchObject({ trackId: own.track });
    expect(find('tfdt')).toMatchObject({ baseMediaDecodeTime: own.tfdt });
    const samples = own.samples.map(([sampleDuration, sampleSize, sampleFlags, sampleCompositionTimeOffset]) => ({
      sampleDuration,
      sampleSize,
      sampleFlags,
      sampleCompositionTimeOffset,
    }));
    expect(find('trun')).toMatchObject({ dataOffset: own.dataOffset, samples });
    const [ntpTimestampSec, ntpTimestampFrac, mediaTime] = own.prft ?? [];
    expect(find('prft')).toMatchObject({ ntpTimestampSec, ntpTimestampFrac, mediaTime });
  });

  it('says when it was captured in a prft of its own', () => {
    const captureUs = Date.UTC(2026, 5, 1) * 1000 + 250_000;
    const { boxes, prft, dataOffset } = readChunk(
      writeChunk({ ...head, captureUs }, [sample()]).subarray(recordHeaderBytes),
    );
    expect(boxes).toEqual(['prft', 'moof', 'mdat']);
    expect(prft).toEqual([(captureUs - 250_000) / 1e6 + 2_208_988_800, 2 ** 30, head.tfdt]);
    expect(dataOffset).toBe(112);
  });

  it('holds the same bytes for the three forms of a payload', () => {
    const data = hex('0000000165aabb00000141cc');
    const scan = new NalScan();
    scan.scan(data, false);
    const bytesOf = (one: ChunkSample) => writeChunk(head, [one]).subarray(recordHeaderBytes);
    const annexb = bytesOf(sample({ data, scan, size: scan.size }));
    const plain = hex('0000000365aabb0000000241cc');
    expect(annexb).toEqual(bytesOf(sample({ data: plain })));
    const pieces = [plain.subarray(0, 5), plain.subarray(5)];
    expect(annexb).toEqual(bytesOf(sample({ data: Buffer.alloc(0), pieces, size: plain.length })));
  });

  it('holds several samples', () => {
    const data = Buffer.from('aac');
    const { samples } = readChunk(
      writeChunk(
        { ...head, kind: 'audio', track: 2 },
        [1024, 1024, 1000].map((duration) => sample({ data, duration, key: true })),
      ).subarray(recordHeaderBytes),
    );
    expect(samples).toEqual([1024, 1024, 1000].map((duration) => [duration, 3, 0x02000000, 0]));
  });
});

describe('an init segment', () => {
  const video = { kind: 'video', id: 1, timescale: 90_000, width: 640, height: 360 } as const;
  const audio = { kind: 'audio', timescale: 48_000, channels: 2, sampleRate: 48_000 } as const;
  const tracks: [string, TrackInit][] = [
    ['avc1.42c01e', { ...video, sampleEntry: 'avc1', config: avcC }],
    ['av01.0.01M.08', { ...video, sampleEntry: 'av01', config: hex('81010c000a0b0000000cc4ff6736be4010') }],
    ['vp09.00.30.08', { ...video, sampleEntry: 'vp09', config: hex('001e820101010000') }],
    ['mp4a.40.2', { ...audio, id: 2, sampleEntry: 'mp4a', config: hex('1190'), language: 'jpn' }],
    ['Opus', { ...audio, id: 3, sampleEntry: 'Opus', config: hex('0102380180bb0000000000') }],
  ];

  it.each(tracks)('is read by mp4box as %s', (codec, track) => {
    const bytes = writeInitSegment(track);
    const file = createFile();
    const whole = new Uint8Array(bytes).buffer; // mp4box reads past views
    file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(whole, 0));
    const info = file.getInfo();
    expect(info.isFragmented).toBe(true);
    const [only] = info.tracks;
    expect(only).toMatchObject({ id: track.id, timescale: track.timescale, codec });
    const isVideo = track.kind === 'video';
    const size = isVideo ? { width: 640, height: 360 } : { channel_count: 2, sample_rate: 48_000 };
    expect(isVideo ? only?.video : only?.audio).toMatchObject(size);
    expect(only?.language).toBe(track.language ?? 'und');
  });
});
