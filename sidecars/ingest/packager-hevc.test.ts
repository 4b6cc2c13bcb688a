import { describe, expect, it } from 'vitest';

import { recordType, runPayload } from '#server/contracts/log-record.ts';
import { packagerReading, rtpVideo, truthUs, type Read } from '#server/testing/packager-fixture.ts';
import { parameterSetsOf } from '#sidecars/codec/annexb.ts';

import type { Packager } from './packager.ts';

const hex = (text: string) => Buffer.from(text, 'hex');
/** x265, 640 × 360. */
const sets = parameterSetsOf(
  hex(
    '0000000140010c01ffff01600000030090000003000003003f959409000000000142010101600000030090000003000003003fa005020171f2e595952930bc05a020000003002000000303c100000000014401c073c189',
  ),
  true,
);
const [vps = Buffer.alloc(0), sps = Buffer.alloc(0)] = sets;
const otherPps = hex('4401c073c18a');
const startCode = hex('00000001');

function feed(packager: Packager, options: { from: number; to: number; with: Buffer[] }): void {
  for (let i = options.from * 25; i < options.to * 25; i += 1) {
    const key = i % 25 === 0;
    // An IDR slice, or a trailing picture.
    const slice = Buffer.from([key ? 0x26 : 0x02, 1, 0xaf, i & 255, 0x80]);
    const data = Buffer.concat([...(key ? options.with : []), slice].flatMap((nal) => [startCode, nal]));
    const pts = i * 3600;
    packager.onEvent({
      type: 'unit',
      unit: {
        track: 0,
        pts,
        dts: null,
        key,
        arrivalUs: truthUs + (i * 1e6) / 25 + 5000,
        lostBefore: false,
        payload: { form: 'annexb', data },
      },
    });
  }
}

/** Codec, sample entry, whether the record says that its sets are complete, and whether the first picture carries them, of each run. */
function runsOf(reads: readonly Read[]) {
  const runs: { codec: string; entry: string; complete: boolean; inBand: boolean | null }[] = [];
  for (const { header, payload } of reads) {
    if (header.type === recordType.init) {
      const { codec } = runPayload.parse(JSON.parse(lastRun.toString())).tracks[0] ?? { codec: '' };
      const at = payload.indexOf('hvcC');
      const entry = ['hvc1', 'hev1'].find((name) => payload.includes(name)) ?? '';
      runs.push({ codec: codec.slice(0, 4), entry, complete: (payload[at + 4 + 23] ?? 0) >= 0x80, inBand: null });
    }
    if (header.type === recordType.run) lastRun = payload;
    const run = runs.at(-1);
    if (header.type === recordType.chunk && run && run.inBand === null) run.inBand = payload.includes(vps);
  }
  return runs;
}
let lastRun: Buffer = Buffer.alloc(0);

describe('HEVC', () => {
  it('is hvc1 with all its sets in the record, also after a reconnection to the same camera', () => {
    const reads: Read[] = [];
    const packager = packagerReading((read) => reads.push(read));
    packager.onEvent({ type: 'tracks', tracks: [rtpVideo({ codec: 'hevc' })] });
    feed(packager, { from: 0, to: 3, with: sets });
    packager.reconnect();
    packager.onEvent({ type: 'tracks', tracks: [rtpVideo({ codec: 'hevc' })] });
    feed(packager, { from: 5, to: 8, with: sets });
    const plain = { codec: 'hvc1', entry: 'hvc1', complete: true, inBand: false };
    expect(runsOf(reads)).toEqual([plain, plain]);
  });

  it('is hev1 where its sets have changed, which then stand in band, and hvc1 again in the next run', () => {
    const reads: Read[] = [];
    const packager = packagerReading((read) => reads.push(read));
    packager.onEvent({ type: 'tracks', tracks: [rtpVideo({ codec: 'hevc' })] });
    feed(packager, { from: 0, to: 3, with: sets });
    feed(packager, { from: 3, to: 6, with: [vps, sps, otherPps] });
    packager.reconnect();
    packager.onEvent({ type: 'tracks', tracks: [rtpVideo({ codec: 'hevc' })] });
    feed(packager, { from: 8, to: 11, with: [vps, sps, otherPps] });
    const plain = { codec: 'hvc1', entry: 'hvc1', complete: true, inBand: false };
    expect(runsOf(reads)).toEqual([plain, { codec: 'hev1', entry: 'hev1', complete: false, inBand: true }, plain]);
  });
});
