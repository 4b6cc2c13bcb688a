import { describe, expect, it } from 'vitest';

import { readRecord, recordFlag, recordType, statePayload } from '#server/contracts/log-record.ts';
import {
  aacFrame,
  baselineSets,
  breaksOf,
  changed,
  chunksOf,
  collect,
  epochMs,
  highSets,
  packagerReading,
  picture,
  rtpAudio,
  rtpVideo,
  runsOf,
  sound,
  stereoAsc,
  truthUs,
  type Read,
} from '#server/testing/packager-fixture.ts';

import type { SourceEvent } from './source.ts';

const tracks = (...list: (ReturnType<typeof rtpVideo> | ReturnType<typeof rtpAudio>)[]): SourceEvent => ({
  type: 'tracks',
  tracks: list,
});

/** A sender report that is right, so that a run can begin at once: RTP 0 was at `truthUs`. */
const report = (track: number): SourceEvent => ({
  type: 'clock',
  track,
  ticks: 0,
  utcUs: truthUs,
  kind: 'sr',
  arrivalUs: truthUs + 1000,
});

/** Pictures at `fps` from `from` s to `to` s, a key frame a second, in order of arrival. */
function* pictures(options: {
  from?: number;
  to: number;
  fps?: number;
  sets?: readonly Buffer[];
}): Generator<SourceEvent> {
  const { from = 0, to, fps = 25, sets = baselineSets } = options;
  for (let i = Math.round(from * fps); i < Math.round(to * fps); i += 1) {
    const pts = Math.round((i * 90_000) / fps);
    yield picture({ pts, arrivalUs: truthUs + (i * 1e6) / fps + 5000, key: i % fps === 0 }, { sets });
  }
}

function* sounds(options: { from?: number; to: number }): Generator<SourceEvent> {
  for (let i = Math.ceil(((options.from ?? 0) * 48_000) / 1024); i < (options.to * 48_000) / 1024; i += 1) {
    yield sound({ pts: i * 1024, arrivalUs: truthUs + (i * 1024e6) / 48_000 + 6000 });
  }
}

function byArrival(...sources: Iterable<SourceEvent>[]): SourceEvent[] {
  const at = (event: SourceEvent) => (event.type === 'unit' ? event.unit.arrivalUs : 0);
  return sources.flatMap((source) => Array.from(source)).toSorted((one, other) => at(one) - at(other));
}

describe('the place of a cut', () => {
  it('is told on the time line of an encoder of ours, and not where time stamps wrap', () => {
    const drawn = { ...rtpVideo(), wrapBits: 64 as const };
    const reads: Read[] = [];
    const reading = packagerReading((read) => reads.push(read));
    for (const event of [tracks(drawn), report(0), ...pictures({ to: 1 })]) reading.onEvent(event);
    const first = chunksOf(reads, 1)[0]?.header.tfdt ?? 0;
    expect(reading.pictureStampAt(first + 18_000)).toBeCloseTo(18_000, 3);
    reading.reconnect();
    expect(reading.pictureStampAt(0)).toBeNull();
    for (const event of [tracks(rtpVideo()), report(0), ...pictures({ to: 1 })]) reading.onEvent(event);
    expect(reading.pictureStampAt(first)).toBeNull();
  });
});

describe('a run', () => {
  it('is told as RUN, an INIT a track, a CLOCK a track, and only then chunks', () => {
    const reads = collect([
      tracks(rtpVideo(), rtpAudio()),
      report(0),
      report(1),
      ...byArrival(pictures({ to: 1 }), sounds({ to: 1 })),
    ]);
    const order = reads.slice(0, 5).map(({ header }) => [header.type, header.track]);
    expect(order).toEqual([
      [recordType.run, 0],
      [recordType.init, 1],
      [recordType.init, 2],
      [recordType.clock, 1],
      [recordType.clock, 2],
    ]);
    expect(reads[5]?.header.type).not.toBe(recordType.run);
    expect(runsOf(reads)[0]).toEqual({
      run: 1,
      reason: 'start',
      tracks: [
        {
          track: 1,
          kind: 'video',
          codec: 'avc1.42c01e',
          timescale: 90_000,
          width: 640,
          height: 360,
          reorder: 0,
          fps: 30,
        },
        { track: 2, kind: 'audio', codec: 'mp4a.40.2', timescale: 48_000, channels: 2, sampleRate: 48_000 },
      ],
    });
    expect(reads.at(-1)?.header.type).toBe(recordType.end);
  });

  it('begins at its wall position since the epoch, and its chunks know their capture time', () => {
    const reads = collect([tracks(rtpVideo()), report(0), ...pictures({ to: 1 })]);
    const [first] = chunksOf(reads, 1);
    expect(first?.header.tfdt).toBe((truthUs / 1000 - epochMs) * 90);
    expect(first?.header.captureUs).toBe(truthUs);
    expect(first?.header.clock).toBe('sr');
  });

  it('begins at a key frame and drops what comes before it', () => {
    const reads = collect([tracks(rtpVideo()), report(0), ...pictures({ from: 0.4, to: 2 })]);
    const chunks = chunksOf(reads, 1);
    expect(chunks).toHaveLength(25);
    expect((chunks[0]?.header.flags ?? 0) & recordFlag.key).toBe(recordFlag.key);
    expect(chunks[0]?.header.captureUs).toBe(truthUs + 1e6);
  });

  it('marks the last chunk of each track', () => {
    const reads = collect([
      tracks(rtpVideo(), rtpAudio()),
      report(0),
      report(1),
      ...byArrival(pictures({ to: 1 }), sounds({ to: 1 })),
    ]);
    for (const track of [1, 2]) {
      const last = chunksOf(reads, track).filter(({ header }) => (header.flags & recordFlag.lastOfRun) !== 0);
      expect(last).toEqual(chunksOf(reads, track).slice(-1));
    }
  });

  it('ends where the parameter sets change, and not where the same ones come again', () => {
    const events = [
      tracks(rtpVideo()),
      report(0),
      ...pictures({ to: 3 }),
      ...pictures({ from: 3, to: 5, sets: highSets }),
    ];
    const reads = collect(events);
    expect(runsOf(reads).map(({ reason, tracks: [video] }) => [reason, video?.width])).toEqual([
      ['start', 640],
      ['parameters', 1920],
    ]);
    expect(chunksOf(reads, 1)).toHaveLength(125);
    expect(breaksOf(reads, 1)).toEqual([]);
    const tfdts = chunksOf(reads, 1).map(({ header }) => header.tfdt);
    expect(tfdts).toEqual(tfdts.toSorted((a, b) => a - b));
  });

  it('ends at a hole of more than a second, and the next one begins at the next key frame', () => {
    const reads = collect([tracks(rtpVideo()), report(0), ...pictures({ to: 2 }), ...pictures({ from: 4.6, to: 7 })]);
    expect(runsOf(reads).map(({ run, reason }) => [run, reason])).toEqual([
      [1, 'start'],
      [2, 'reconnect'],
    ]);
    expect(chunksOf(reads, 1)).toHaveLength(100);
    expect(chunksOf(reads, 1)[50]?.header.captureUs).toBe(truthUs + 5e6);
  });

  it('numbers rise over reconnects and never overlap, even when the source comes back with an earlier clock', () => {
    const reads: Read[] = [];
    const packager = packagerReading((read) => reads.push(read), 7);
    const feed = (events: Iterable<SourceEvent>) => {
      for (const event of events) packager.onEvent(event);
    };
    feed([tracks(rtpVideo()), report(0), ...pictures({ to: 2 })]);
    packager.reconnect();
    feed([tracks(rtpVideo()), report(0), ...pictures({ from: 1, to: 3 })]);
    packager.end('test');
    expect(runsOf(reads).map(({ run, reason }) => [run, reason])).toEqual([
      [7, 'reconnect'],
      [8, 'reconnect'],
    ]);
    const chunks = chunksOf(reads, 1);
    const ends = chunks.map(({ header }) => header.tfdt + header.duration);
    const overlaps = chunks.slice(1).filter(({ header }, i) => header.tfdt < (ends[i] ?? 0));
    expect(overlaps).toEqual([]);
    // Its place moved, its wall clock did not.
    expect(chunks[50]?.header.captureUs).toBe(truthUs + 1e6);
  });

  it('begins anew when the time stamps jump by more than ten seconds', () => {
    const jumped = [
      ...changed(pictures({ to: 2 }), (unit) => ({
        pts: (unit.pts ?? 0) + 90_000 * 5000,
        arrivalUs: unit.arrivalUs + 2e6,
      })),
    ];
    const reads = collect([tracks(rtpVideo()), ...pictures({ to: 2 }), ...jumped]);
    expect(runsOf(reads).map(({ reason }) => reason)).toEqual(['start', 'clock']);
    const second = chunksOf(reads, 1)[50];
    expect(Math.abs((second?.header.captureUs ?? 0) - truthUs - 2e6)).toBeLessThan(100_000);
  });

  it('re-times a jump back of less, without a new run', () => {
    const back = [...changed(pictures({ from: 1, to: 3 }), (unit) => ({ arrivalUs: unit.arrivalUs + 3e6 }))];
    const reads = collect([tracks(rtpVideo()), ...pictures({ to: 4 }), ...back]);
    expect(runsOf(reads)).toHaveLength(1);
    expect(breaksOf(reads, 1)).toEqual([]);
    expect(new Set(chunksOf(reads, 1).map(({ header }) => header.duration))).toEqual(new Set([3600]));
  });
});

describe('sound', () => {
  const start = [tracks(rtpVideo(), rtpAudio()), report(0), report(1)];

  it('that is silent at the start does not delay the picture, and is replaced after two seconds', () => {
    const reads = collect([...start, ...pictures({ to: 6 })]);
    expect(chunksOf(reads, 1)).toHaveLength(150);
    const silence = chunksOf(reads, 2);
    expect(silence.length).toBeGreaterThan(40);
    for (const { header } of silence) {
      expect(header.flags & recordFlag.synthetic).toBe(recordFlag.synthetic);
      expect(header.clock).toBe('synthetic');
      expect(header.duration).toBeLessThanOrEqual(4800);
    }
    expect(breaksOf(reads, 2)).toEqual([]);
  });

  it('that stops and comes back is silence in between, on an unbroken time line', () => {
    const reads = collect([
      ...start,
      ...byArrival(pictures({ to: 10 }), sounds({ to: 2 }), sounds({ from: 7, to: 10 })),
    ]);
    const flags = chunksOf(reads, 2).map(({ header }) => (header.flags & recordFlag.synthetic) !== 0);
    expect(flags[0]).toBe(false);
    expect(flags).toContain(true);
    expect(flags.at(-1)).toBe(false);
    expect(breaksOf(reads, 2)).toEqual([]);
    expect(runsOf(reads)).toHaveLength(1);
    const last = chunksOf(reads, 2).at(-1)?.header;
    expect(Math.abs((last?.captureUs ?? 0) - truthUs - 9.93e6)).toBeLessThan(60_000);
  });

  it('snaps to its frames when the stamps jitter by up to 20 ms', () => {
    const jittered = [...changed(sounds({ to: 4 }), (unit, i) => ({ pts: (unit.pts ?? 0) + ((i * 397) % 900) }))];
    const reads = collect([...start, ...byArrival(pictures({ to: 4 }), jittered)]);
    expect(breaksOf(reads, 2)).toEqual([]);
    expect(chunksOf(reads, 2).every(({ header }) => header.duration % 1024 === 0 && header.duration <= 4800)).toBe(
      true,
    );
  });

  it('that is damaged never reaches the log, and is left out of the next run', () => {
    const garbage = Buffer.from('ffffffffffffffffffffffff', 'hex');
    const damaged = [...changed(sounds({ from: 1, to: 4 }), () => ({ payload: { form: 'sample', data: garbage } }))];
    const reads = collect([...start, ...byArrival(pictures({ to: 4 }), sounds({ to: 1 }), damaged)]);
    expect(runsOf(reads).map(({ tracks: list }) => list.length)).toEqual([2, 1]);
    expect(chunksOf(reads, 2).some(({ payload }) => payload.includes(garbage))).toBe(false);
  });

  it('that appears later is declared by a new run at the next key frame', () => {
    const adts = Buffer.concat([Buffer.from('fff14c8001bffc', 'hex'), aacFrame]);
    const late = [...changed(sounds({ from: 1.5, to: 4 }), () => ({ payload: { form: 'sample', data: adts } }))];
    const reads = collect([
      tracks(rtpVideo(), rtpAudio({ config: null })),
      report(0),
      report(1),
      ...byArrival(pictures({ to: 4 }), late),
    ]);
    expect(runsOf(reads).map(({ reason, tracks: list }) => [reason, list.length])).toEqual([
      ['start', 1],
      ['parameters', 2],
    ]);
    expect(
      reads.find(({ header }) => header.type === recordType.init && header.track === 2)?.payload.includes(stereoAsc),
    ).toBe(true);
  });

  it('stands beside its picture by the reports of both, whatever their RTP numbers', () => {
    const offset = 3_000_000_000;
    const moved = [...changed(sounds({ to: 3 }), (unit) => ({ pts: ((unit.pts ?? 0) + offset) % 2 ** 32 }))];
    const ofSound = report(1);
    if (ofSound.type === 'clock') ofSound.ticks = offset;
    const reads = collect([
      tracks(rtpVideo(), rtpAudio()),
      report(0),
      ofSound,
      ...byArrival(pictures({ to: 3 }), moved),
    ]);
    const [video] = chunksOf(reads, 1);
    const [audio] = chunksOf(reads, 2);
    expect((audio?.header.tfdt ?? 0) / 48_000 - (video?.header.tfdt ?? 0) / 90_000).toBeCloseTo(0, 3);
  });

  it('without a report stands beside a picture whose clock is a second and a half behind', () => {
    const ofPicture = report(0);
    if (ofPicture.type === 'clock') ofPicture.utcUs -= 1.5e6;
    const reads = collect([
      tracks(rtpVideo(), rtpAudio()),
      ofPicture,
      ...byArrival(pictures({ to: 3 }), sounds({ to: 3 })),
    ]);
    const [video] = chunksOf(reads, 1);
    const [audio] = chunksOf(reads, 2);
    expect(video?.header.captureUs).toBe(truthUs - 1.5e6);
    expect(Math.abs((audio?.header.tfdt ?? 0) / 48_000 - (video?.header.tfdt ?? 0) / 90_000)).toBeLessThan(0.04);
  });

  it('alone is a stream too', () => {
    const reads = collect([tracks(rtpAudio()), report(1), ...sounds({ to: 2 })]);
    expect(runsOf(reads)[0]?.tracks).toHaveLength(1);
    expect(chunksOf(reads, 2).length).toBeGreaterThan(20);
  });
});

describe('a source without a clock', () => {
  it('that begins with a burst of old pictures is placed by the smallest delay of its first second', () => {
    const burst =
      // Two seconds were kept by the sender and come at once.
      [...changed(pictures({ to: 4 }), (unit) => ({ arrivalUs: Math.max(unit.arrivalUs, truthUs + 2e6) }))];
    const reads = collect([tracks(rtpVideo()), ...burst]);
    expect(runsOf(reads)).toHaveLength(1);
    const [first] = chunksOf(reads, 1);
    expect(Math.abs((first?.header.captureUs ?? 0) - truthUs)).toBeLessThan(50_000);
    expect(first?.header.clock).toBe('arrival');
  });

  it('begins by tick when nothing more arrives', () => {
    const reads: Read[] = [];
    const packager = packagerReading((read) => reads.push(read));
    for (const event of [tracks(rtpVideo()), ...pictures({ to: 0.1 })]) packager.onEvent(event);
    expect(reads).toHaveLength(0);
    packager.tick(truthUs + 2e6);
    expect(chunksOf(reads, 1).length).toBeGreaterThan(0);
  });
});

it('tells each second what it measures at the source', () => {
  const reads: Read[] = [];
  const packager = packagerReading((read) => reads.push(read));
  packager.onEvent(tracks(rtpVideo()));
  packager.onEvent(report(0));
  for (const event of pictures({ to: 3 })) {
    if (event.type === 'unit') packager.tick(event.unit.arrivalUs);
    packager.onEvent(event);
  }
  packager.onEvent({ type: 'lost', track: 0, packets: 3 });
  packager.tick(truthUs + 4e6);
  const states = reads
    .filter(({ header }) => header.type === recordType.state)
    .map(({ payload }) => statePayload.parse(JSON.parse(payload.toString())));
  expect(states).toHaveLength(3);
  expect(states[1]?.fps).toBeCloseTo(25, 0);
  expect(states[2]).toMatchObject({ lost: 3, dropped: 0, source: 'connected' });
});

it('keeps what it emits readable as records with sequence number 0', () => {
  const sequence = new Set<number>();
  const packager = packagerReading((_, record) => sequence.add(readRecord(record).header.seq));
  for (const event of [tracks(rtpVideo()), report(0), ...pictures({ to: 1 })]) packager.onEvent(event);
  packager.end('test');
  expect([...sequence]).toEqual([0]);
});
