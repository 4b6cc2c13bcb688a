import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import pino from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import type { Visibility } from '#server/contracts/camera.ts';

import { TokenCheck } from './lease-token.ts';
import { Origin } from './origin.ts';
import { Reporter } from './reporter.ts';
import { StreamShelf } from './stream-shelf.ts';
import { fakeRequest } from './testing/fake-request.ts';
import { anAssignment } from './testing/slicer-under-test.ts';
import { playbackToken, testSecret } from './testing/test-writer.ts';
import { Viewers } from './viewers.ts';

let dir = '';
let shelf: StreamShelf;

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'sensorium-origin-'));
  shelf = new StreamShelf({ dir, log: pino({ level: 'silent' }), ringBytesMax: 1_000_000, opened: () => {} });
});
afterEach(async () => {
  await shelf.close();
  await rm(dir, { recursive: true, force: true });
});

interface Asking {
  visibility: Visibility;
  isPublicBind: boolean;
  from: string;
  token?: boolean | Parameters<typeof playbackToken>[1];
  /** Before the log is open. */
  early?: boolean;
}

async function statusOf({ visibility, isPublicBind, from, token = false, early = false }: Asking): Promise<number> {
  const viewers = new Viewers();
  const reporter = new Reporter({ viewers, truth: () => 'moving', rungs: () => [], send: () => {} });
  const nothing = () => Promise.resolve();
  const origin = new Origin({
    shelf,
    tokens: new TokenCheck(testSecret),
    viewers,
    log: pino({ level: 'silent' }),
    isPublicBind,
    want: () => {},
    state: (stream) => reporter.state(stream, Date.now()),
    ladders: { offered: () => [], watch: () => 'unknown', find: () => null },
    recorded: { vod: nothing, joined: nothing, timeline: nothing, thumb: nothing, variants: async () => null },
  });
  const assignment = anAssignment({ policy: { visibility } });
  shelf.assign(assignment);
  if (!early) await shelf.open(assignment.streamId);
  const asked = typeof token === 'object' ? token : {};
  const before = token ? `~${await playbackToken(assignment.streamId, asked)}/` : '';
  const { request, response } = fakeRequest({ url: `/media/${before}${assignment.streamId}/state.json`, from });
  origin.handle(request, response);
  await vi.waitFor(() => expect(response.writableEnded).toBe(true), { timeout: 10_000 });
  return response.statusCode;
}

const stranger = '192.0.2.7';

it('refuses a stranger at a port of all a private stream without a token, while its log opens and after', async () => {
  const asking = { visibility: 'private', isPublicBind: true, from: stranger } as const;
  expect(await statusOf(asking)).toBe(401);
  expect(await statusOf({ ...asking, early: true })).toBe(401);
  expect(await statusOf({ ...asking, visibility: 'password' })).toBe(401);
});

it('refuses tokens that outlive what a revoked person may go on for, are over, or were signed for something else', async () => {
  const asking = { visibility: 'private', isPublicBind: true, from: stranger } as const;
  expect(await statusOf({ ...asking, token: { seconds: 15 } })).toBe(200);
  expect(await statusOf({ ...asking, token: { seconds: 16 } })).toBe(401);
  expect(await statusOf({ ...asking, token: { seconds: -1 } })).toBe(401);
  expect(await statusOf({ ...asking, token: { audience: 'lease' } })).toBe(401);
  // What people are given is for the gateway, however short it lasts.
  expect(await statusOf({ ...asking, token: { audience: 'playback' } })).toBe(401);
});

it.each<Asking>([
  { visibility: 'public', isPublicBind: true, from: stranger },
  { visibility: 'unlisted', isPublicBind: true, from: stranger },
  { visibility: 'private', isPublicBind: true, from: stranger, token: true },
  { visibility: 'private', isPublicBind: true, from: '::ffff:127.0.0.1' },
  { visibility: 'private', isPublicBind: false, from: '127.0.0.1' },
])('answers $visibility, public bind $isPublicBind, from $from, token $token', async (asking) => {
  expect(await statusOf(asking)).toBe(200);
});
