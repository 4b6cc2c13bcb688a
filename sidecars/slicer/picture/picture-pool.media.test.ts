import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import pino from 'pino';
import { afterEach, describe, expect, test, vi } from 'vitest';

import { fragmentTrack } from '../disk/sample-media.ts';
import { createPicturePool, type PicturePool, type PicturePoolOptions } from './picture-pool.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../../../server/testing/fixtures/${name}`, import.meta.url));
const pools: PicturePool[] = [];
const log = pino({ level: 'silent' });

function aPool(options: Partial<PicturePoolOptions> = {}): PicturePool {
  const pool = createPicturePool({ log, workers: 1, ...options });
  pools.push(pool);
  return pool;
}

afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

async function keyFrame(clip: string): Promise<{ init: Buffer; chunk: Buffer }> {
  const { init, chunks } = await fragmentTrack(fixture(clip), 'video', 1);
  return { init, chunk: chunks[0] ?? Buffer.alloc(0) };
}

describe('a key frame', () => {
  test.each([
    ['clip-320x180.mp4', 320, 180],
    ['clip-hevc.mp4', 192, 144],
  ])('of %s becomes a JPEG with its light', async (clip, width, height) => {
    const picture = await aPool().picture({ streamId: 'a', ...(await keyFrame(clip)) });
    expect(picture.jpeg.subarray(0, 3).toString('hex')).toBe('ffd8ff');
    expect(picture.jpeg.subarray(-2).toString('hex')).toBe('ffd9');
    expect([picture.width, picture.height]).toEqual([width, height]);
    expect(picture.grid).toHaveLength(32 * 18);
    expect(picture.luma).toBeGreaterThan(10);
    expect(picture.luma).toBeLessThan(245);
    expect(new Set(picture.grid).size).toBeGreaterThan(10);
  });

  test('of one size after another is decoded by the same process', async () => {
    const pool = aPool();
    const widths: number[] = [];
    for (const clip of ['clip-320x180.mp4', 'clip-hevc.mp4', 'clip-320x180.mp4']) {
      widths.push((await pool.picture({ streamId: clip, ...(await keyFrame(clip)) })).width);
    }
    expect(widths).toEqual([320, 192, 320]);
  });

  test('that is garbage is refused, and the next one is decoded', async () => {
    const pool = aPool();
    const { init, chunk } = await keyFrame('clip-320x180.mp4');
    await expect(pool.picture({ streamId: 'a', init, chunk: Buffer.alloc(500, 7) })).rejects.toThrow('no picture');
    await expect(pool.picture({ streamId: 'a', init: Buffer.from('no init'), chunk })).rejects.toThrow(/open|invalid/i);
    expect((await pool.picture({ streamId: 'a', init, chunk })).width).toBe(320);
  });
});

describe('a picture process', () => {
  const init = Buffer.from('init');
  const chunk = Buffer.from('chunk');

  /** A child that does this with the first request of its life. */
  async function entryThat(does: string): Promise<{ entry: string; remove: () => Promise<void> }> {
    const dir = await mkdtemp(path.join(tmpdir(), 'sensorium-entry-'));
    const entry = path.join(dir, 'entry.mjs');
    await writeFile(
      entry,
      `process.on('message', (ask) => { ${does} }); process.on('disconnect', () => process.exit()); process.send({ type: 'ready' });`,
    );
    return { entry, remove: () => rm(dir, { recursive: true }) };
  }
  const answers = `process.send({ type: 'picture', id: ask.id, jpeg: 'AAAA', width: 2, height: 2, grid: 'AAAA' });`;

  test('that crashes costs the picture in hand and no other', async () => {
    const { entry, remove } = await entryThat(`if (ask.chunk === 'Y3Jhc2g=') process.abort(); else ${answers}`);
    const pool = aPool({ entry });
    const crashed = pool.picture({ streamId: 'a', init, chunk: Buffer.from('crash') });
    const other = pool.picture({ streamId: 'b', init, chunk });
    await expect(crashed).rejects.toThrow('gone');
    expect((await other).luma).toBe(0);
    expect(pool.counters).toMatchObject({ decoded: 1, failed: 1, restarts: 1 });
    await remove();
  });

  test('that hangs is ended at the deadline', async () => {
    const { entry, remove } = await entryThat(`if (ask.chunk === 'aGFuZw==') for (;;); else ${answers}`);
    const pool = aPool({ entry, deadlineMs: 200 });
    await expect(pool.picture({ streamId: 'a', init, chunk: Buffer.from('hang') })).rejects.toThrow('SIGKILL');
    expect((await pool.picture({ streamId: 'a', init, chunk })).width).toBe(2);
    await remove();
  });

  test('that gets no processor time is waited for, but not for ever', async () => {
    const { entry, remove } = await entryThat(
      `if (ask.chunk === 'aWRsZQ==') return; setTimeout(() => { ${answers} }, ask.chunk === 'c2xvdw==' ? 1200 : 0)`,
    );
    const pool = aPool({ entry, deadlineMs: 500 });
    expect((await pool.picture({ streamId: 'a', init, chunk: Buffer.from('slow') })).width).toBe(2);
    expect(pool.counters).toMatchObject({ decoded: 1, failed: 0, restarts: 0 });
    await expect(pool.picture({ streamId: 'a', init, chunk: Buffer.from('idle') })).rejects.toThrow('SIGKILL');
    await remove();
  });

  test('that is slow makes a newer picture of a stream take the place of the older, and the longest waiting go', async () => {
    const { entry, remove } = await entryThat(`setTimeout(() => { ${answers} }, 50)`);
    const pool = aPool({ entry, queueMax: 2 });
    const outcome = (streamId: string) =>
      pool.picture({ streamId, init, chunk }).then(
        () => 'decoded',
        (error: unknown) => (error instanceof Error ? error.message : ''),
      );
    const outcomes = await Promise.all([outcome('a'), outcome('a'), outcome('b'), outcome('c')]);
    expect(outcomes).toEqual(['a newer picture took its place', 'too many pictures wait', 'decoded', 'decoded']);
    expect(pool.counters.dropped).toBe(2);
    await remove();
  });

  test('without work ends after a while, which is no fault, and another takes the next picture', async () => {
    const { entry, remove } = await entryThat(
      answers.replace("'AAAA'", 'Buffer.from(String(process.pid)).toString("base64")'),
    );
    const pool = aPool({ entry, idleMs: 100 });
    const pid = async () => Number((await pool.picture({ streamId: 'a', init, chunk })).jpeg.toString());
    const first = await pid();
    expect(await pid()).toBe(first);
    await vi.waitFor(() => expect(() => process.kill(first, 0)).toThrow('ESRCH'), { timeout: 5000 });
    expect(await pid()).not.toBe(first);
    expect(pool.counters).toMatchObject({ decoded: 3, failed: 0, restarts: 0 });
    await remove();
  });

  test('is not left behind when the pool closes, nor is anybody who waits', async () => {
    const { entry, remove } = await entryThat('');
    const pool = aPool({ entry });
    const waiting = ['a', 'b'].map((streamId) =>
      expect(pool.picture({ streamId, init, chunk })).rejects.toThrow(/closed|gone/),
    );
    await pool.close();
    await Promise.all(waiting);
    await expect(pool.picture({ streamId: 'c', init, chunk })).rejects.toThrow('closed');
    await remove();
  });
});
