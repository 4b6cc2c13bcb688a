import { createDecipheriv } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { AddressGuard } from '../guard/address-guard.ts';
import { httpFault, httpGet, httpUrl, readBody, type Credentials } from '../guard/http-get.ts';
import { SourceError } from '../source.ts';
import { ByteFeed } from './byte-feed.ts';
import { parseHlsPlaylist, type HlsPlaylist, type HlsRange, type HlsSegment } from './hls-playlist.ts';

const playlistBytesMax = 4 * 1024 * 1024;
const segmentBytesMax = 64 * 1024 * 1024;
const feedBytesMax = 4 * 1024 * 1024;
const fetchMsMax = 15_000;
/** A live playlist is entered this many segments before its end (RFC 8216 §6.3.3), so that pacing has something in hand. */
const segmentsBehindLive = 3;
const failuresMax = 3;

/** A stretch without discontinuity: one demuxer reads it. */
export interface HlsStretch {
  feed: ByteFeed;
  format: 'mpegts' | 'mov' | 'aac';
  /** Where segments with a date begin in the feed. */
  marks: { at: number; dateTimeMs: number }[];
}

export interface HlsAccess {
  guard: AddressGuard;
  signal: AbortSignal;
  credentials: Credentials | null;
  /** Of the camera's address: the credentials belong there, wherever lists and redirects lead. */
  origin: string;
}

function credentialsFor(url: URL, access: HlsAccess): Credentials | null {
  return url.origin === access.origin ? access.credentials : null;
}

export async function fetchPlaylist(url: URL, access: HlsAccess): Promise<{ playlist: HlsPlaylist; url: URL }> {
  const signal = AbortSignal.any([access.signal, AbortSignal.timeout(fetchMsMax)]);
  const answer = await httpGet(url, { ...access, signal, credentials: credentialsFor(url, access) });
  const playlist = parseHlsPlaylist((await readBody(answer, playlistBytesMax)).toString('utf8'));
  if (!playlist) throw new SourceError('DATA_INVALID', 'what comes is no HLS playlist', { retry: true });
  return { playlist, url: answer.url };
}

/** Follows one media playlist and hands its segments on, stretch by stretch. Every address in it goes through the guard. */
export class HlsReader {
  private readonly access: HlsAccess;
  private url: URL;
  private nextSequence: number | null = null;
  private stretch: HlsStretch | null = null;
  private mapUri: string | null = null;
  private keys = new Map<string, Buffer>();
  private queue: HlsStretch[] = [];
  private wake: (() => void) | null = null;
  private finished = false;
  private failure: Error | null = null;

  constructor(url: URL, access: HlsAccess) {
    this.url = url;
    this.access = access;
  }

  /** Reads until the list ends, the signal comes, or it fails; never throws. */
  async run(): Promise<void> {
    try {
      await this.follow();
    } catch (cause) {
      this.failure = httpFault(cause);
    } finally {
      this.finished = true;
      this.stretch?.feed.end(this.failure);
      this.wake?.();
    }
  }

  /** The next stretch; null at the end of the list. */
  async next(): Promise<HlsStretch | null> {
    while (this.queue.length === 0) {
      if (this.failure) throw this.failure;
      if (this.finished) return null;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return this.queue.shift() ?? null;
  }

  private async follow(): Promise<void> {
    const { signal } = this.access;
    let [failures, changedAt] = [0, performance.now()];
    while (!signal.aborted) {
      let targetSeconds = 6;
      let progressed = false;
      try {
        const { playlist, url } = await fetchPlaylist(this.url, this.access);
        if (playlist.type !== 'media')
          throw new SourceError('DATA_INVALID', 'a variant names another list of variants', { retry: true });
        this.url = url;
        ({ targetSeconds } = playlist);
        progressed = await this.take(playlist.segments, playlist.ended);
        if (playlist.ended) return;
        failures = 0;
      } catch (error) {
        failures += 1;
        const fault = httpFault(error);
        // A list that can't be had now and then is usual; one that may not be had is not asked again.
        if (!fault.retry || failures >= failuresMax || this.nextSequence === null) throw fault;
      }
      if (progressed) changedAt = performance.now();
      const silentSeconds = (performance.now() - changedAt) / 1000;
      if (silentSeconds > 3 * targetSeconds + 10)
        throw new SourceError('TIMED_OUT', 'the list no longer grows', { retry: true });
      const waitSeconds = progressed ? targetSeconds * 0.7 : targetSeconds / 2;
      await sleep(Math.min(10, Math.max(0.4, waitSeconds)) * 1000, undefined, { signal });
    }
  }

  private async take(segments: HlsSegment[], ended: boolean): Promise<boolean> {
    const start = ended ? 0 : Math.max(0, segments.length - segmentsBehindLive);
    const first = segments[0]?.sequence ?? 0;
    const last = segments.at(-1)?.sequence ?? -1;
    // A server that began anew counts from a small number again.
    if (this.nextSequence !== null && last + segmentsBehindLive < this.nextSequence) this.nextSequence = null;
    const fresh = this.nextSequence === null;
    const from = Math.max(this.nextSequence ?? segments[start]?.sequence ?? 0, first);
    let progressed = false;
    for (const segment of segments) {
      if (segment.sequence < from || this.access.signal.aborted) continue;
      const missed = !fresh && this.nextSequence !== null && segment.sequence > this.nextSequence;
      await this.fetchSegment(segment, missed);
      this.nextSequence = segment.sequence + 1;
      progressed = true;
    }
    return progressed;
  }

  private async fetchSegment(segment: HlsSegment, missed: boolean): Promise<void> {
    const mapUri = segment.map ? `${segment.map.uri} ${segment.map.range?.offset ?? ''}` : null;
    const begins = this.stretch === null || segment.discontinuity || missed || mapUri !== this.mapUri;
    const bytes = await this.decrypted(segment, await this.fetchBytes(segment.uri, segment.range));
    const init = begins && segment.map ? await this.fetchBytes(segment.map.uri, segment.map.range) : null;
    if (begins) {
      this.stretch?.feed.end();
      this.mapUri = mapUri;
      this.stretch = { feed: new ByteFeed(feedBytesMax), format: formatOf(segment, bytes), marks: [] };
      this.access.signal.addEventListener('abort', this.abort, { once: true });
      this.queue.push(this.stretch);
      this.wake?.();
    }
    const { stretch } = this;
    if (!stretch) return;
    if (init) stretch.feed.push(init);
    if (segment.dateTimeMs !== null) {
      stretch.marks.push({ at: stretch.feed.received, dateTimeMs: segment.dateTimeMs });
    }
    await stretch.feed.write(bytes);
  }

  private readonly abort = () => this.stretch?.feed.abort();

  private async fetchBytes(uri: string, range: HlsRange | null): Promise<Buffer> {
    const headers = range ? { range: `bytes=${range.offset}-${range.offset + range.length - 1}` } : null;
    const signal = AbortSignal.any([this.access.signal, AbortSignal.timeout(fetchMsMax)]);
    const url = httpUrl(uri, this.url);
    const credentials = credentialsFor(url, this.access);
    const answer = await httpGet(url, { ...this.access, signal, credentials, ...(headers ? { headers } : {}) });
    const bytes = await readBody(answer, segmentBytesMax);
    // A server without ranges sends the whole.
    return range && answer.status === 200 ? bytes.subarray(range.offset, range.offset + range.length) : bytes;
  }

  private async decrypted(segment: HlsSegment, bytes: Buffer): Promise<Buffer> {
    const { key } = segment;
    if (!key) return bytes;
    if (key.method !== 'AES-128' || key.uri === null) {
      throw new SourceError('CODEC_UNSUPPORTED', `encrypted by ${key.method}`, { retry: false });
    }
    const secret = this.keys.get(key.uri) ?? (await this.fetchBytes(key.uri, null));
    if (secret.length !== 16) throw new SourceError('DATA_INVALID', 'the key has not 16 bytes', { retry: true });
    this.keys = new Map([[key.uri, secret]]);
    const counted = Buffer.alloc(16);
    counted.writeBigUInt64BE(BigInt(segment.sequence), 8);
    try {
      const decipher = createDecipheriv('aes-128-cbc', secret, key.iv ?? counted);
      return Buffer.concat([decipher.update(bytes), decipher.final()]);
    } catch (cause) {
      throw new SourceError('DATA_INVALID', 'a segment does not decrypt', { retry: true, cause });
    }
  }
}

function formatOf(segment: HlsSegment, bytes: Buffer): HlsStretch['format'] {
  if (segment.map || bytes.toString('latin1', 4, 8) === 'ftyp' || bytes.toString('latin1', 4, 8) === 'styp')
    return 'mov';
  return bytes[0] === 0x47 ? 'mpegts' : 'aac';
}
