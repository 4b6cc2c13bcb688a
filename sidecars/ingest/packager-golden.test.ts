import { describe, expect, it } from 'vitest';

import { recordType } from '#server/contracts/log-record.ts';
import {
  baselineSets,
  breaksOf,
  chunksOf,
  epochMs,
  highSets,
  packagerReading,
  picture,
  rtpAudio,
  rtpVideo,
  runsOf,
  sound,
  truthUs,
  widerSets,
  type Read,
} from '#server/testing/packager-fixture.ts';
import { readChunk } from '#server/testing/read-chunk.ts';

import type { SourceEvent } from './source.ts';

/**
 * The vectors of server/contracts/golden: what a source says and the records it becomes, byte for byte. The log's tests read `records`;
 * whoever changes the writer on purpose makes them anew with `vitest -u` and says why.
 */
const report = (track: number, ticks: number, kind: 'sr' | 'capture' = 'sr'): SourceEvent => ({
  type: 'clock',
  track,
  ticks,
  utcUs: truthUs,
  kind,
  arrivalUs: truthUs + 1000,
});
const count = (length: number) => Array.from({ length }, (_, i) => i);
const wrap33 = 2 ** 33;
/** Decode order of two B-frames between two P-frames. */
const displayOf = [0, 3, 1, 2, 6, 4, 5, 9, 7, 8, 12, 10, 11];

const scenarios: Record<string, { about: string; events: SourceEvent[] }> = {
  'ten-fps-announced-as-25': {
    about:
      'A camera says 25 fps and gives 10 at night: durations are what was measured, 9000, from the first frame on.',
    events: [
      { type: 'tracks', tracks: [rtpVideo({ fpsAnnounced: 25 })] },
      report(0, 0),
      ...count(21).map((i) =>
        picture({ pts: i * 9000, arrivalUs: truthUs + i * 1e5 + 4000, key: i % 10 === 0 }, { mark: i }),
      ),
    ],
  },
  'jitter-5-ms-at-60-fps': {
    about: 'Time stamps up to 5 ms off the grid: every duration is the exact distance to the next, none is guessed.',
    events: [
      { type: 'tracks', tracks: [rtpVideo({ fpsAnnounced: 60 })] },
      report(0, 0),
      ...count(31).map((i) => {
        const jitter = i === 0 ? 0 : ((i * 7919) % 901) - 450;
        const arrivalUs = truthUs + Math.round((i * 1e6) / 60) + 4000;
        return picture({ pts: i * 1500 + jitter, arrivalUs, key: i % 30 === 0 }, { mark: i });
      }),
    ],
  },
  'b-frames-without-dts': {
    about:
      'RTP tells presentation times only: decode times follow from the reorder depth of the SPS (2), composition offsets are never negative.',
    events: [
      { type: 'tracks', tracks: [rtpVideo({ fpsAnnounced: 25 })] },
      report(0, 0),
      ...displayOf.map((place, i) =>
        picture(
          { pts: 7200 + place * 3600, arrivalUs: truthUs + i * 40_000 + 90_000, key: i === 0 },
          { sets: highSets, mark: i },
        ),
      ),
    ],
  },
  'wrap-33-bit': {
    about:
      'MPEG-TS across 2^33: pts wraps some packets before dts, sound wraps between pictures, the log goes on in one line.',
    events: [
      { type: 'tracks', tracks: [rtpVideo({ wrapBits: 33 }), rtpAudio({ wrapBits: 33, timescale: 90_000 })] },
      report(0, wrap33 - 18_000, 'capture'),
      ...displayOf.flatMap((place, i) => {
        const dts = (wrap33 - 18_000 - 7200 + i * 3600) % wrap33;
        const pts = (wrap33 - 18_000 + place * 3600) % wrap33;
        const arrivalUs = truthUs + i * 40_000 + 90_000;
        const heard = count(2).map((half) =>
          sound({
            pts: (wrap33 - 18_000 + (2 * i + half) * 1920) % wrap33,
            arrivalUs: arrivalUs + 1000 + half * 20_000,
          }),
        );
        return [picture({ pts, dts, arrivalUs, key: i === 0 }, { sets: highSets, mark: i }), ...heard];
      }),
    ],
  },
  'parameters-change': {
    about:
      'The picture changes its size in band: a run ends at the key frame that says so, the next begins at the same place.',
    events: [
      { type: 'tracks', tracks: [rtpVideo()] },
      report(0, 0),
      ...count(20).map((i) =>
        picture(
          { pts: i * 3600, arrivalUs: truthUs + i * 40_000 + 4000, key: i % 5 === 0 },
          {
            sets: i < 10 ? baselineSets : widerSets,
            mark: i,
          },
        ),
      ),
    ],
  },
  'sound-missing': {
    about:
      'Sound is declared and never comes: after two seconds silence takes its place and says that it is synthetic.',
    events: [
      { type: 'tracks', tracks: [rtpVideo({ fpsAnnounced: 10 }), rtpAudio()] },
      report(0, 0),
      ...count(24).map((i) =>
        picture({ pts: i * 9000, arrivalUs: truthUs + i * 1e5 + 4000, key: i % 10 === 0 }, { mark: i }),
      ),
    ],
  },
};

/** Everything that is bytes as hexadecimal. */
function plain(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return { hex: value.toString('hex') };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

function play(events: readonly SourceEvent[]): { reads: Read[]; records: Buffer[] } {
  const reads: Read[] = [];
  const records: Buffer[] = [];
  const packager = packagerReading((read, record) => {
    reads.push(read);
    records.push(record);
  });
  for (const event of events) packager.onEvent(event);
  packager.end('vector ends');
  return { reads, records };
}

describe.each(Object.entries(scenarios))('golden vector %s', (name, { about, events }) => {
  const { reads, records } = play(events);

  it('becomes the same records, byte for byte', async () => {
    const lines = reads.map(({ header, payload }, i) => {
      const isJson = header.type !== recordType.init && header.type !== recordType.chunk;
      const told = isJson ? { payload: JSON.parse(payload.toString()) as unknown } : {};
      const box = header.type === recordType.chunk ? { box: readChunk(payload) } : {};
      return JSON.stringify({ ...header, ...told, ...box, hex: records[i]?.toString('hex') });
    });
    const said = events.map((event) => JSON.stringify(plain(event)));
    const head = `"about": ${JSON.stringify(about)},\n"epochMs": ${epochMs}`;
    const text = `{\n${head},\n"events": [\n${said.join(',\n')}\n],\n"records": [\n${lines.join(',\n')}\n]\n}\n`;
    await expect(text).toMatchFileSnapshot(`../../server/contracts/golden/${name}.json`);
  });

  it('has chunks whose boxes say what their headers say, joined without a gap', () => {
    for (const { header, payload } of [...chunksOf(reads, 1), ...chunksOf(reads, 2)]) {
      const { boxes, track, tfdt, samples, prft } = readChunk(payload);
      expect(boxes).toEqual(['prft', 'moof', 'mdat']);
      expect([track, tfdt]).toEqual([header.track, header.tfdt]);
      expect(samples.reduce((sum, [duration]) => sum + duration, 0)).toBe(header.duration);
      expect(prft?.[2]).toBe(tfdt);
    }
    expect([...breaksOf(reads, 1), ...breaksOf(reads, 2)]).toEqual([]);
  });
});

it('gives a camera of 10 fps that announces 25 durations of 10 fps', () => {
  const { reads } = play(scenarios['ten-fps-announced-as-25']?.events ?? []);
  expect(new Set(chunksOf(reads, 1).map(({ header }) => header.duration))).toEqual(new Set([9000]));
});

it('gives jittered frames no duration further than 5 ms from their own', () => {
  const { reads } = play(scenarios['jitter-5-ms-at-60-fps']?.events ?? []);
  for (const { header } of chunksOf(reads, 1)) expect(Math.abs(header.duration - 1500)).toBeLessThanOrEqual(900);
});

it('derives decode times for B-frames that never come after the picture is shown', () => {
  for (const name of ['b-frames-without-dts', 'wrap-33-bit']) {
    const { reads } = play(scenarios[name]?.events ?? []);
    const chunks = chunksOf(reads, 1);
    expect(runsOf(reads)[0]?.tracks[0]?.reorder).toBe(2);
    expect(new Set(chunks.map(({ header }) => header.duration))).toEqual(new Set([3600]));
    for (const { payload } of chunks) expect(readChunk(payload).samples[0]?.[3]).toBeGreaterThanOrEqual(0);
    expect(chunks.map(({ header }) => header.captureUs - truthUs)).toEqual(
      displayOf.map((place) => place * 40_000 + (name === 'wrap-33-bit' ? 0 : 80_000)),
    );
  }
});
