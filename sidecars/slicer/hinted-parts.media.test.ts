import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { parsePlaylist } from './playlist/parse-playlist.ts';
import { Bench } from './testing/bench.ts';
import { hasFfmpeg, makeAudio, makeVideo, type FixtureTrack } from './testing/fixture-media.ts';

let tracks: FixtureTrack[] = [];
const bench = new Bench();

beforeAll(() => {
  if (hasFfmpeg) tracks = [makeVideo({ fps: 25, gop: 50, seconds: 8 }), makeAudio(8.192)];
});
afterEach(() => bench.clear());

/** A stream with `seconds` of media, that many seconds after it began. */
async function aStream(seconds: number) {
  const { slicer, assignment, base } = await bench.stream();
  const writer = await bench.writer({ slicer, assignment }, tracks);
  writer.beginRun({ startMs: Date.now() - seconds * 1000 });
  writer.sendUntil(seconds);
  const playlist = async (query = '') => (await fetch(`${base}/src/live.m3u8${query}`)).text();
  await vi.waitFor(async () => expect(await playlist()).toContain(`p/${Math.floor(seconds / 2)}.0.m4s`), {
    timeout: 10_000,
  });
  const held = () => slicer.slicer.health().counters['heldRequests'];
  return { writer, base, playlist, held };
}

const bytesOf = async (url: string): Promise<Buffer | number> => {
  const answer = await fetch(url);
  const body = Buffer.from(await answer.arrayBuffer());
  return answer.status === 200 ? body : answer.status;
};

describe.skipIf(!hasFfmpeg)('a part that a playlist announced', () => {
  it('is answered when it comes', async () => {
    const { writer, base, playlist } = await aStream(4.5);
    const hint = parsePlaylist(await playlist()).hint ?? '';
    const asked = bytesOf(`${base}/src/${hint}`);
    void writer.play(6);
    expect(await asked).toBeInstanceOf(Buffer);
    expect(await playlist()).toContain(`URI="${hint}"`);
  });

  it('is told to be none as soon as its segment has ended without it, and the playlist goes on with the next', async () => {
    const { writer, base, playlist, held } = await aStream(5.1);
    expect(parsePlaylist(await playlist()).hint).toBe('p/2.5.m4s');
    const hinted = bytesOf(`${base}/src/p/2.5.m4s`);
    const past = bytesOf(`${base}/src/p/2.6.m4s`);
    const whole = bytesOf(`${base}/src/s/2.m4s`);
    const reload = fetch(`${base}/src/live.m3u8?_HLS_msn=2&_HLS_part=6`);
    const state = { reloaded: false };
    void reload.then(() => (state.reloaded = true));
    await vi.waitFor(() => expect(held()).toBe(4), { timeout: 10_000 });
    // The camera begins anew in the middle of a segment: half a part more, and no other.
    writer.beginRun({ startMs: Date.now(), run: 2, reason: 'parameters' });
    expect(await whole).toBeInstanceOf(Buffer);
    // What came of 2.5 is the short last part; 2.6 never will be.
    expect(await hinted).toBeInstanceOf(Buffer);
    expect(await past).toBe(404);
    expect(await bytesOf(`${base}/src/p/2.6.m4s`)).toBe(404);
    expect(state.reloaded).toBe(false);
    expect(parsePlaylist(await playlist()).hint).toBe('p/3.0.m4s');
    const next = bytesOf(`${base}/src/p/3.0.m4s`);
    writer.sendUntil(1);
    expect(await next).toBeInstanceOf(Buffer);
    expect(await (await reload).text()).toContain('p/3.0.m4s');
  });

  it('is never refused once it was listed, however far behind who asks is', async () => {
    const { writer, base, playlist } = await aStream(4.5);
    const listed = new Set<string>();
    for (let seconds = 5; seconds <= 24; seconds += 1) {
      writer.sendUntil(seconds);
      const wanted = Math.floor((seconds - 0.5) / 2);
      const text = await playlist(`?_HLS_msn=${wanted}&_HLS_part=0`);
      for (const { parts } of parsePlaylist(text).segments) for (const { uri } of parts) listed.add(uri);
    }
    expect(listed.size).toBeGreaterThan(80);
    const refused: string[] = [];
    for (const rendition of ['src', 'v', 'a'])
      for (const uri of listed)
        if (!Buffer.isBuffer(await bytesOf(`${base}/${rendition}/${uri}`))) refused.push(`${rendition}/${uri}`);
    expect(refused).toEqual([]);
    const parts = [...listed].filter((uri) => uri.startsWith('p/3.'));
    for (const rendition of ['src', 'v', 'a']) {
      const bytes = await Promise.all(parts.map((uri) => bytesOf(`${base}/${rendition}/${uri}`)));
      expect(Buffer.concat(bytes.filter((found) => typeof found !== 'number'))).toEqual(
        await bytesOf(`${base}/${rendition}/s/3.m4s`),
      );
    }
  });
});
