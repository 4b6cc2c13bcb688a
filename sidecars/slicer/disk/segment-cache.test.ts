import { expect, it, vi } from 'vitest';

import { SegmentCache } from './segment-cache.ts';

it('reads what many want in the same moment once, and again after it had to leave', async () => {
  const cache = new SegmentCache(1000);
  const read = vi.fn<() => Promise<Buffer | null>>(async () => Buffer.alloc(200));
  await Promise.all([cache.get('a', read), cache.get('a', read), cache.get('a', read)]);
  expect(read).toHaveBeenCalledTimes(1);
  for (const key of ['b', 'c', 'd', 'e']) await cache.get(key, read);
  // Used lately: it stays, and the next oldest leaves.
  await cache.get('a', read);
  await cache.get('f', read);
  expect(cache.bytes).toBe(1000);
  read.mockClear();
  await cache.get('a', read);
  expect(read).not.toHaveBeenCalled();
  await cache.get('b', read);
  expect(read).toHaveBeenCalledTimes(1);
});

it('keeps neither what is not there, nor what failed, nor what is larger than a quarter of it', async () => {
  const cache = new SegmentCache(1000);
  expect(await cache.get('a', async () => null)).toBeNull();
  await expect(cache.get('a', () => Promise.reject(new Error('the disk')))).rejects.toThrow('the disk');
  expect(await cache.get('a', async () => Buffer.alloc(300))).toHaveLength(300);
  expect(cache.bytes).toBe(0);
  expect(await cache.get('a', async () => Buffer.alloc(10))).toHaveLength(10);
  expect(cache.bytes).toBe(10);
});
