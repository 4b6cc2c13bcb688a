import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import { cameraId, streamId, type StreamId } from '#server/contracts/ids.ts';
import type { StreamSource } from '#server/sources/service.ts';

import { SourceBook } from './source-book.ts';

const aSource = (id: StreamId, hidden: boolean): StreamSource => ({
  cameraId: cameraId.parse(randomUUID()),
  streamId: id,
  epochMs: 0,
  ownerId: null,
  deleted: false,
  hidden,
  feed: null,
  host: null,
  source: null,
  policy: {
    visibility: 'public',
    demo: false,
    intervalSeconds: null,
    onDemand: true,
    record: { mode: 'always', maxAgeSeconds: 3600, maxBytes: null },
    ladder: 'onDemand',
    graceMs: null,
  },
});

test('a camera that was withheld is not found as it was before while everything is being read again', async () => {
  const id = streamId.parse(randomUUID());
  let hidden = false;
  let reading = Promise.withResolvers<void>();
  reading.resolve();
  const book = new SourceBook({
    monotonicNow: () => 0,
    sources: {
      streamSources: async () => {
        const found = [aSource(id, hidden)];
        await reading.promise;
        return found;
      },
      streamSource: () => Promise.resolve(aSource(id, hidden)),
    },
  });
  await book.read([id]);
  expect(await book.find(id)).toMatchObject({ hidden: false });
  hidden = true;
  book.spoil();
  reading = Promise.withResolvers<void>();
  const read = book.read([id]);
  expect(await book.find(id)).toMatchObject({ hidden: true });
  reading.resolve();
  await read;
  expect(await book.find(id)).toMatchObject({ hidden: true });
});
