import { createHash } from 'node:crypto';

import { AV_PIX_FMT_YUV420P, AVCOL_RANGE_MPEG } from 'node-av/constants';
import { Frame, Rational } from 'node-av/lib';
import type { Logger } from 'pino';

import type { LookReport } from '#server/contracts/look.ts';
import type { IngestAssignment } from '#server/contracts/sidecar.ts';

import type { AddressGuard } from './guard/address-guard.ts';
import { httpGet, httpUrl, readBody } from './guard/http-get.ts';
import { FirstKey } from './look-first-key.ts';
import { thumbnailOf } from './look-thumbnail.ts';
import { openUntranscoded } from './open-source.ts';
import { SourceError } from './source.ts';
import { withDecodedKey } from './transcode/decode-key.ts';

type Source = IngestAssignment['source'];

export interface LookOptions {
  guard: AddressGuard;
  log: Logger;
  signal: AbortSignal;
  dataDir: string;
}

/** What was got of a source, before it is made small. */
interface Seen {
  track: { codec: Parameters<typeof withDecodedKey>[0]['codec']; config: Buffer | null };
  unit: Parameters<typeof withDecodedKey>[1];
  encoded: Buffer;
  frameTimeMs: number | null;
}

export const lookMsMax = 10_000;
/** Leaves the stream itself time. */
const stillMsMax = 3000;
const stillAgeMsMax = 600_000;
const pictureBytesMax = 8 * 1024 * 1024;
/** A time of capture outside of this is a server's invention. */
const earliestMs = Date.UTC(2000, 0, 1);
const aheadMsMax = 120_000;

/** One picture of any source: once connected, read, let go. Never throws for a bad source; answers within 10 s. */
export async function takeLook(source: Source, options: LookOptions): Promise<LookReport> {
  const startedAt = performance.now();
  const deadline = AbortSignal.timeout(lookMsMax);
  const signal = AbortSignal.any([options.signal, deadline]);
  const cost = { bytes: 0 };
  const report = (found: Partial<LookReport>): LookReport => ({
    ok: false,
    frameTime: null,
    hash: null,
    width: null,
    height: null,
    thumbnail: null,
    fault: null,
    ...found,
    bytes: cost.bytes,
    ms: Math.round(performance.now() - startedAt),
  });
  try {
    return report({ ok: true, ...(await see(source, { ...options, signal }, cost)) });
  } catch (error) {
    if (error instanceof SourceError && !(deadline.aborted && error.code === 'CLOSED'))
      return report({ fault: error.code });
    if (deadline.aborted) return report({ fault: 'TIMED_OUT' });
    options.log.error({ action: 'look.failed', kind: source.kind, error: nameOf(error) }, 'a look failed');
    return report({ fault: 'INTERNAL' });
  }
}

async function see(source: Source, options: LookOptions, cost: { bytes: number }): Promise<Partial<LookReport>> {
  if (source.kind === 'synthetic') return draw(source);
  const seen = await seenOf(source, options, cost);
  const picture = await withDecodedKey(seen.track, seen.unit, async (frame) => ({
    width: frame.width,
    height: frame.height,
    thumbnail: await thumbnailOf(frame, source.masks ?? []),
  }));
  if (!picture) throw new SourceError('DATA_INVALID', 'the picture does not decode', { retry: true });
  return {
    ...picture,
    thumbnail: picture.thumbnail.toString('base64'),
    hash: hashOf(seen.encoded),
    frameTime: seen.frameTimeMs === null ? null : new Date(seen.frameTimeMs).toISOString(),
  };
}

async function seenOf(source: Source, options: LookOptions, cost: { bytes: number }): Promise<Seen> {
  if (source.kind === 'snapshot') return fetchOnce(source.address, options, cost);
  const { stillUrl } = source.options;
  const still = source.kind === 'hls' && stillUrl ? await fetchStill(stillUrl, options, cost) : null;
  return still ?? readKey(source, options, cost);
}

/** A picture of the same camera, at a hundredth of the bytes; null where it is none or old: the stream may be well all the same. */
async function fetchStill(address: string, options: LookOptions, cost: { bytes: number }): Promise<Seen | null> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(stillMsMax)]);
  try {
    const still = await fetchOnce(address, { ...options, signal }, cost);
    const isOld = still.frameTimeMs !== null && Date.now() - still.frameTimeMs > stillAgeMsMax;
    return isOld ? null : still;
  } catch (error) {
    if (!(error instanceof SourceError) || options.signal.aborted) throw error;
    return null;
  }
}

async function fetchOnce(address: string, { guard, signal }: LookOptions, cost: { bytes: number }): Promise<Seen> {
  const answer = await httpGet(httpUrl(address), {
    guard,
    signal,
    headers: { accept: 'image/jpeg', 'cache-control': 'no-cache' },
  });
  const jpeg = await readBody(answer, pictureBytesMax);
  cost.bytes += jpeg.length;
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8)
    throw new SourceError('DATA_INVALID', 'what comes is no JPEG', { retry: true });
  const said = answer.headers['last-modified'];
  return {
    track: { codec: 'mjpeg', config: null },
    unit: { payload: { form: 'sample', data: jpeg } },
    encoded: jpeg,
    frameTimeMs: typeof said === 'string' ? believed(Date.parse(said)) : null,
  };
}

async function readKey(source: Source, options: LookOptions, cost: { bytes: number }): Promise<Seen> {
  const closing = new AbortController();
  const signal = AbortSignal.any([options.signal, closing.signal]);
  const first = new FirstKey();
  const open = await openUntranscoded(source, { ...options, signal, sink: (event) => first.take(event) });
  try {
    const over = open.done.then(() => {
      throw new SourceError('NO_VIDEO', 'it ended before a picture came', { retry: true });
    });
    const { track, unit, bytes, frameTimeMs } = await Promise.race([first.found, over]);
    return { track, unit, encoded: bytes, frameTimeMs: frameTimeMs === null ? null : believed(frameTimeMs) };
  } finally {
    cost.bytes += first.bytes;
    closing.abort();
    await open.close();
  }
}

/** One picture of a drawn place, without an encoder. */
async function draw(source: Source): Promise<Partial<LookReport>> {
  const { DrawnPicture } = await import('./synthetic/drawn-picture.ts');
  const picture = new DrawnPicture(source);
  const { width, height } = picture;
  const drawn = picture.at(Date.now());
  const frame = new Frame();
  try {
    frame.alloc();
    frame.width = width;
    frame.height = height;
    frame.format = AV_PIX_FMT_YUV420P;
    frame.colorRange = AVCOL_RANGE_MPEG;
    frame.timeBase = new Rational(1, 90_000);
    frame.getBuffer(0);
    frame.fromBuffer(drawn);
    const thumbnail = await thumbnailOf(frame, source.masks ?? []);
    return {
      width,
      height,
      thumbnail: thumbnail.toString('base64'),
      hash: hashOf(thumbnail),
      frameTime: new Date().toISOString(),
    };
  } finally {
    frame.free();
  }
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url');
}

function believed(ms: number): number | null {
  return ms >= earliestMs && ms <= Date.now() + aheadMsMax ? ms : null;
}

/** An error's text may hold an address with its password. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
