import { describe, expect, it, vi } from 'vitest';

import { MomentPictures } from './moment-pictures.ts';

const stream = '01a204a3-72f5-7733-8a08-c50217f11a17';
const past = Date.parse('2026-01-01T00:00:00Z');
const life = () => new AbortController().signal;

function aCache(answer: () => Response) {
  const asked: string[] = [];
  const dropped: string[] = [];
  let made = 0;
  const pictures = new MomentPictures({
    fetch: (input) => {
      asked.push(input instanceof Request ? input.url : String(input));
      return Promise.resolve(answer());
    },
    inTurn: (work) => work(),
    makeUrl: () => `blob:${(made += 1)}`,
    dropUrl: (src) => dropped.push(src),
  });
  return { pictures, asked, dropped };
}

const jpeg = () => new Response('jpeg', { headers: { 'x-capture-time': '2025-12-31T23:59:58.500Z' } });

describe('pictures of recorded moments', () => {
  it('are asked for once, with the moment, and carry the time they were taken', async () => {
    const { pictures, asked } = aCache(jpeg);
    const first = await pictures.load(stream, past, life());
    expect(first).toEqual({ type: 'picture', src: 'blob:1', capturedMs: Date.parse('2025-12-31T23:59:58.500Z') });
    expect(await pictures.load(stream, past, life())).toBe(first);
    expect(asked).toEqual([`/media/${stream}/thumb.jpg?at=2026-01-01T00%3A00%3A00.000Z`]);
  });

  it('are kept up to sixty; the one not looked at for longest goes, and its memory with it', async () => {
    const { pictures, dropped } = aCache(jpeg);
    for (let index = 0; index < 60; index += 1) await pictures.load(stream, past + index * 1000, life());
    pictures.peek(stream, past);
    await pictures.load(stream, past + 60_000, life());
    expect(dropped).toEqual(['blob:2']);
    expect(pictures.peek(stream, past)).not.toBeNull();
    expect(pictures.peek(stream, past + 1000)).toBeNull();
  });

  it('remember that nothing was recorded, but not of the last minute', async () => {
    const missing = () => new Response(null, { status: 404 });
    const { pictures, asked } = aCache(missing);
    expect(await pictures.load(stream, past, life())).toEqual({ type: 'missing' });
    await pictures.load(stream, past, life());
    expect(asked).toHaveLength(1);
    const recent = Date.now() - 5000;
    await pictures.load(stream, recent, life());
    await pictures.load(stream, recent, life());
    expect(asked).toHaveLength(3);
  });

  it('say when a busy server wants to be asked again, within bounds', async () => {
    const busy = (after: string) => () => new Response(null, { status: 503, headers: { 'retry-after': after } });
    expect(await aCache(busy('2')).pictures.load(stream, past, life())).toEqual({ type: 'busy', retryAfterMs: 2000 });
    expect(await aCache(busy('999')).pictures.load(stream, past, life())).toMatchObject({ retryAfterMs: 10_000 });
    const later = () => new Response(null, { status: 202, headers: { 'retry-after': '1' } });
    expect(await aCache(later).pictures.load(stream, past, life())).toEqual({ type: 'busy', retryAfterMs: 1000 });
    expect(await aCache(busy('soon')).pictures.load(stream, past, life())).toMatchObject({ retryAfterMs: 1000 });
  });

  it('are not asked for where nobody waits for them any more', async () => {
    const stop = new AbortController();
    stop.abort();
    const fetched = vi.fn<typeof fetch>();
    const pictures = new MomentPictures({
      fetch: fetched,
      inTurn: (work) => work(),
      makeUrl: () => '',
      dropUrl: () => undefined,
    });
    await expect(pictures.load(stream, past, stop.signal)).rejects.toThrow('abort');
    expect(fetched).not.toHaveBeenCalled();
  });
});
