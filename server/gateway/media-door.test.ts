import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import type { Visibility } from '#server/contracts/camera.ts';
import { cameraId, streamId } from '#server/contracts/ids.ts';
import { liveOnlyHeader } from '#server/contracts/tokens.ts';
import type { MediaPlace } from '#server/streams/service.ts';
import { fakeRequest } from '#sidecars/slicer/testing/fake-request.ts';

import { createMediaDoor } from './media-door.ts';
import type { Admission, MediaGuard } from './media-guard.ts';
import type { PassOptions } from './pass-through.ts';

const id = streamId.parse(randomUUID());
const granted: Admission = { mayGoOn: async () => true, mayAlso: async () => true };
const unused = () => Promise.reject(new Error('not asked for here'));

function aPlace(url: string, visibility: Visibility): MediaPlace {
  return {
    url,
    isRead: true,
    refusal: null,
    source: {
      cameraId: cameraId.parse(randomUUID()),
      streamId: id,
      epochMs: 0,
      ownerId: null,
      deleted: false,
      hidden: false,
      feed: null,
      host: null,
      source: null,
      policy: {
        visibility,
        demo: false,
        intervalSeconds: null,
        onDemand: false,
        record: { mode: 'off', maxAgeSeconds: 3600, maxBytes: null },
        ladder: 'onDemand',
        graceMs: null,
      },
    },
  };
}

/** What is asked of the slicer at `url` for `path`, by somebody who may. */
async function passedOn(
  url: string,
  visibility: Visibility,
  path = `/media/${id}/src/live.m3u8?_HLS_msn=3`,
  admit: MediaGuard['admit'] = async () => granted,
) {
  const passed: PassOptions[] = [];
  const place = aPlace(url, visibility);
  const door = createMediaDoor({
    streams: {
      mediaPlace: async () => place,
      openMedia: async () => place,
      isSettling: () => false,
      lookThumbnail: unused,
      states: unused,
    },
    guard: { admit },
    watch: { add: () => {} },
    playback: { forSlicer: async (stream) => `made-for-${stream}`, isOurs: async () => true },
    passThrough: { pass: async (_request, _response, options) => void passed.push(options) },
    trustedProxies: 0,
  });
  const headers = { cookie: 'a=b', authorization: 'Bearer c', 'x-api-key': 'd' };
  const { request, response } = fakeRequest({ url: path, headers });
  await door(request, response);
  return passed[0];
}

test('a slicer on this machine is asked plainly, one elsewhere with a token of the house where not everybody may see', async () => {
  const plain = `/media/${id}/src/live.m3u8?_HLS_msn=3`;
  for (const url of ['http://127.0.0.1:9', 'http://localhost:9', 'http://[::1]:9'])
    expect((await passedOn(url, 'private'))?.path).toBe(plain);
  expect((await passedOn('http://192.0.2.10:9', 'public'))?.path).toBe(plain);
  expect((await passedOn('http://192.0.2.10:9', 'private'))?.path).toBe(
    `/media/~made-for-${id}/${id}/src/live.m3u8?_HLS_msn=3`,
  );
});

test('no credential of whoever asks reaches the slicer, from headers or from the path', async () => {
  const passed = await passedOn('http://127.0.0.1:9', 'private', `/media/~theirs/${id}/src/s/3.m4s`);
  expect(passed?.path).toBe(`/media/${id}/src/s/3.m4s`);
  expect(passed?.headers).toMatchObject({ cookie: '', authorization: '', 'x-api-key': '' });
});

test('the past is asked for as the past, however its address is written', async () => {
  const asksFor = async (rest: string) => {
    const asked: string[] = [];
    await passedOn('http://127.0.0.1:9', 'private', `/media/${id}${rest}`, async (_request, { permission }) => {
      asked.push(permission);
      return granted;
    });
    return asked[0];
  };
  const past = [
    '/index.m3u8?from=1700000000000',
    '/index.m3u8?%66rom=1700000000000',
    '/index.m3u8?x&t%6F=1700000000000',
    '/thumb.jpg?a%74=1700000000000',
    '/timeline.json',
    '/thumbs/3.jpg',
    '/src/vod.m3u8',
    '/src/s/3-5.m4s',
  ];
  for (const rest of past) expect([rest, await asksFor(rest)]).toEqual([rest, 'recording:view']);
  for (const rest of ['/index.m3u8', '/src/live.m3u8?_HLS_msn=3', '/src/s/3.m4s', '/thumb.jpg'])
    expect([rest, await asksFor(rest)]).toEqual([rest, 'stream:view']);
});

test('a single segment is asked for as one of the present by who may see the present alone, and else as it is', async () => {
  const asked = async (rest: string, mayAlso: boolean) => {
    const admit = async () => ({ ...granted, mayAlso: async () => mayAlso });
    return (await passedOn('http://127.0.0.1:9', 'private', `/media/${id}${rest}`, admit))?.headers[liveOnlyHeader];
  };
  for (const rest of ['/src/s/3.m4s', '/v/s/3.m4s', '/a/s/000003.m4s']) {
    expect([rest, await asked(rest, false)]).toEqual([rest, '1']);
    expect([rest, await asked(rest, true)]).toEqual([rest, undefined]);
  }
  expect(await asked('/src/live.m3u8', false)).toBeUndefined();
});

test('who asks again by themselves hears of a picture that is not there yet as 202, and others as the fault it is', async () => {
  const answered = async (status: number, { rest = '/src/live.m3u8', prefer = 'respond-async' } = {}) => {
    const place = aPlace('http://127.0.0.1:9', 'public');
    const door = createMediaDoor({
      streams: {
        mediaPlace: async () => place,
        openMedia: async () => place,
        isSettling: () => false,
        lookThumbnail: unused,
        states: unused,
      },
      guard: { admit: async () => granted },
      watch: { add: () => {} },
      playback: { forSlicer: unused, isOurs: unused },
      passThrough: {
        pass: async (_request, response, { replaced }) => {
          const error = replaced?.(status);
          if (error) throw error;
          response.writeHead(status).end();
        },
      },
      trustedProxies: 0,
    });
    const { request, response } = fakeRequest({ url: `/media/${id}${rest}`, headers: { prefer } });
    await door(request, response);
    return response;
  };
  for (const rest of ['/src/live.m3u8', '/index.m3u8', '/720/live.m3u8?_HLS_msn=4'])
    for (const status of [404, 503]) {
      const response = await answered(status, { rest });
      expect([response.statusCode, response.getHeader('preference-applied')]).toEqual([202, 'respond-async']);
    }
  expect((await answered(404)).getHeader('cache-control')).toBe('no-store');
  // A stream that is over stays over, and what is recorded or not is no matter of waiting.
  expect((await answered(410)).statusCode).toBe(410);
  expect((await answered(404, { rest: '/index.m3u8?from=1700000000000' })).statusCode).toBe(404);
  expect((await answered(404, { rest: '/src/s/3.m4s' })).statusCode).toBe(404);
  expect((await answered(503, { prefer: 'wait=3' })).statusCode).toBe(503);
});
