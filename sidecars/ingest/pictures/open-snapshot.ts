import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { AddressGuard } from '../guard/address-guard.ts';
import { httpGet, httpUrl, readBody, type HttpAnswer } from '../guard/http-get.ts';
import { runSource } from '../libav/live-run.ts';
import { monotonicUtcUs, SourceError, type OpenSource, type SourceSink } from '../source.ts';
import { PictureSource } from './picture-source.ts';

export const intervalSecondsDefault = 10;
const pictureBytesMax = 16 * 1024 * 1024;
const fetchMsMax = 15_000;
const failuresMax = 3;
/** A Last-Modified outside of this is no time of capture. */
const captureAgeUsMax = 3_600_000_000;
const captureAheadUsMax = 2_000_000;
/** The packager holds a frame until it knows the next one's time; its echo lets a picture go at once. */
const echoSeconds = 0.04;

/** A JPEG fetched again and again; only one that changed is a new picture. */
export async function openSnapshot(
  options: {
    /** Asked for at each turn. */
    addressNow: () => string;
    intervalSeconds: number | undefined;
    guard: AddressGuard;
    signal: AbortSignal;
  },
  sink: SourceSink,
): Promise<OpenSource> {
  const stopping = new AbortController();
  const signal = AbortSignal.any([options.signal, stopping.signal]);
  const intervalMs = (options.intervalSeconds ?? intervalSecondsDefault) * 1000;
  const poll = new SnapshotPoll({ addressNow: options.addressNow, guard: options.guard, signal });
  const first = await poll.next();
  return runSource({
    work: async () => {
      const pictures = new PictureSource(sink, 1);
      let [picture, failures] = [first, 0];
      let dueMs = performance.now();
      while (!signal.aborted) {
        if (picture) pictures.push(picture.jpeg, { captureUs: picture.captureUs, echoSeconds });
        dueMs = Math.max(dueMs + intervalMs, performance.now());
        await sleep(dueMs - performance.now(), undefined, { signal }).catch(() => {
          // Closed while waiting: the loop's condition ends it.
        });
        if (signal.aborted) return;
        try {
          picture = await poll.next();
          failures = 0;
        } catch (error) {
          picture = null;
          failures += 1;
          if (failures >= failuresMax || (error instanceof SourceError && !error.retry)) throw error;
        }
      }
    },
    release: () => Promise.resolve(),
    stopping,
    signal,
  });
}

interface Snapshot {
  jpeg: Buffer;
  captureUs: number | null;
}

class SnapshotPoll {
  private readonly options: { addressNow: () => string; guard: AddressGuard; signal: AbortSignal };
  private address = '';
  private validators: Record<string, string> = {};
  private digest = '';
  /** Decided by the first picture: a row of times must not mix two clocks. */
  private usesLastModified: boolean | null = null;

  constructor(options: { addressNow: () => string; guard: AddressGuard; signal: AbortSignal }) {
    this.options = options;
  }

  /** The picture if it is another than before, else null. */
  async next(): Promise<Snapshot | null> {
    const { addressNow, guard, signal: whole } = this.options;
    const signal = AbortSignal.any([whole, AbortSignal.timeout(fetchMsMax)]);
    const address = addressNow();
    // What the server said of one picture is not asked of another.
    if (address !== this.address) this.validators = {};
    this.address = address;
    const answer = await httpGet(httpUrl(address), {
      guard,
      signal,
      headers: { accept: 'image/jpeg', 'cache-control': 'no-cache', ...this.validators },
    });
    const jpeg = await readBody(answer, pictureBytesMax);
    if (answer.status === 304) return null;
    if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8)
      throw new SourceError('DATA_INVALID', 'what comes is no JPEG', { retry: true });
    this.remember(answer);
    const digest = createHash('sha256').update(jpeg).digest('base64');
    if (digest === this.digest) return null;
    this.digest = digest;
    const captureUs = lastModifiedUs(answer);
    this.usesLastModified ??= captureUs !== null;
    return { jpeg, captureUs: this.usesLastModified ? captureUs : null };
  }

  private remember(answer: HttpAnswer): void {
    const { etag, 'last-modified': lastModified } = answer.headers;
    this.validators = {
      ...(typeof etag === 'string' ? { 'if-none-match': etag } : {}),
      ...(typeof lastModified === 'string' ? { 'if-modified-since': lastModified } : {}),
    };
  }
}

function lastModifiedUs(answer: HttpAnswer): number | null {
  const text = answer.headers['last-modified'];
  const us = typeof text === 'string' ? Date.parse(text) * 1000 : Number.NaN;
  const age = monotonicUtcUs() - us;
  return age <= captureAgeUsMax && age >= -captureAheadUsMax ? us : null;
}
