import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { beginPictures, fetchPicture } from './planet-pictures.ts';

let asked: string[];
let answer: () => Response;

beforeEach(() => {
  asked = [];
  answer = () => new Response('bytes');
  vi.stubGlobal('fetch', (url: string) => {
    asked.push(url);
    return Promise.resolve(answer());
  });
  vi.stubGlobal('createImageBitmap', () => Promise.resolve({ name: asked.at(-1) }));
});

afterEach(() => vi.unstubAllGlobals());

const take = (width = 1024) => fetchPicture('day', width, new AbortController().signal);

describe('pictures of the planet', () => {
  it('that were begun are handed out once, and asked for anew after that', async () => {
    beginPictures();
    expect(asked).toEqual(['/earth/day-1024.jpg', '/earth/lights-1024.jpg', '/earth/ground-1024.jpg']);
    const first = await take();
    expect(asked).toHaveLength(3);
    expect(await take()).not.toBe(first);
    expect(asked.slice(3)).toEqual(['/earth/day-1024.jpg']);
  });

  it('that were begun in vain are asked for again', async () => {
    answer = () => new Response(null, { status: 503 });
    beginPictures();
    const early = take();
    answer = () => new Response('bytes');
    await expect(early).resolves.toBeDefined();
    expect(asked.filter((url) => url === '/earth/day-1024.jpg')).toHaveLength(2);
  });

  it('of another size are asked for by themselves', async () => {
    beginPictures();
    await take(2048);
    expect(asked.at(-1)).toBe('/earth/day-2048.jpg');
  });
});
