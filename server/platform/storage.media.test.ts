import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { openFolderStorage, type Storage } from './storage.ts';

let root = '';
let storage: Storage;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sensorium-storage-'));
  storage = openFolderStorage(root);
});
afterAll(() => rm(root, { recursive: true, force: true }));

test('gives back what was put, whole and in part', async () => {
  expect(await storage.put('exports/a.mp4', Buffer.from('0123456789'))).toMatchObject({
    key: 'exports/a.mp4',
    bytes: 10,
  });
  expect(await text(await storage.get('exports/a.mp4'))).toBe('0123456789');
  expect(await text(await storage.get('exports/a.mp4', { start: 2, end: 5 }))).toBe('234');
  await storage.put('exports/a.mp4', Readable.from([Buffer.from('new')]));
  expect((await buffer(await storage.get('exports/a.mp4'))).toString()).toBe('new');
});

test('a body that breaks off leaves what was there and no half object', async () => {
  await storage.put('b.bin', Buffer.from('old'));
  const broken = Readable.from(
    (async function* chunks() {
      yield Buffer.from('half');
      await Promise.reject(new Error('line cut'));
    })(),
  );
  await expect(storage.put('b.bin', broken)).rejects.toThrow('line cut');
  expect(await text(await storage.get('b.bin'))).toBe('old');
  expect((await readdir(root)).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('lists by prefix in order, and what is deleted is gone', async () => {
  for (const key of ['l/b/2', 'l/a', 'l/b/1', 'm/x']) await storage.put(key, Buffer.from(key));
  const keys: string[] = [];
  for await (const object of storage.list('l/')) keys.push(object.key);
  expect(keys).toEqual(['l/a', 'l/b/1', 'l/b/2']);
  await storage.delete('l/a');
  await storage.delete('l/a');
  expect(await storage.stat('l/a')).toBeNull();
  await expect(storage.get('l/a')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test.each(['../x', 'a/../../x', '/etc/passwd', 'a//b', '.hidden', 'a/.b', '', 'a b'])(
  'refuses the key %j',
  async (key) => {
    await expect((async () => storage.get(key))()).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  },
);
