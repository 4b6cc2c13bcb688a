import { setTimeout as sleep } from 'node:timers/promises';

import { ExponentialBackoff } from 'cockatiel';
import type { Logger } from 'pino';

import type { LogMessage } from '#server/contracts/log-record.ts';

import { LogLine, type LineEnd } from './log-line.ts';
import { Unacknowledged } from './unacknowledged.ts';

/** Where the log stood when the first line of this epoch was opened. */
type LogHello = Pick<Extract<LogMessage, { type: 'hello' }>, 'lastRun' | 'lastSeqWritten'>;

export interface UplinkOptions {
  logUrl: string;
  leaseToken: string;
  log: Logger;
  /** Another writer holds the stream, or the log refuses this one for good. Called at most once; the uplink has stopped. */
  onFenced: (reason: string) => void;
  /** The log asks for a key frame: somebody waits for one, or a GOP outlasts its segment. `cutAt`: from that tfdt of the picture on, else at once. */
  onKeyFrameWanted?: (cutAt: number | null) => void;
  /** The log takes what is under way and wants nothing more in this epoch. The uplink stands until it is closed. */
  onStopWanted?: () => void;
  bounds?: { bytesMax?: number; ageMsMax?: number };
}

interface UplinkCounters {
  droppedRecords: number;
  reconnects: number;
  unacknowledgedBytes: number;
  connected: boolean;
}

const redirectsMax = 5;
/** Beyond this the records wait in our own buffer, where whole GOPs can be dropped; what is in the socket can't be taken back. */
const socketBytesMax = 1024 * 1024;
/** Quick, because the buffer holds 10 s. */
const reconnectBackoff = new ExponentialBackoff({ initialDelay: 100, maxDelay: 2000 });
/** A refused token is renewed by the gateway; asking faster does not help. */
const unauthorisedWaitMs = 1000;
/** How long a log that leaves is waited for, to hear that it has what was sent. */
const drainMsMax = 2000;

/** The writer's side of the record protocol (media contract §3) for one epoch of one stream. Never slows its source: it drops, and says so. */
export class Uplink {
  /** Resolves at the first `hello`; null when the uplink stopped before. */
  readonly opened: Promise<LogHello | null>;
  readonly #options: UplinkOptions;
  readonly #stopping = new AbortController();
  readonly #ended: Promise<void>;
  readonly #resolveOpened: (hello: LogHello | null) => void;
  #logUrl: string;
  #leaseToken: string;
  #redirectedTo: string | null = null;
  #line: LogLine | null = null;
  /** The line has said hello: records may go. */
  #isResumed = false;
  /** Set while a log that leaves finishes what it was sent: nothing more goes on this line. */
  #draining: NodeJS.Timeout | null = null;
  #buffer: Unacknowledged | null = null;
  #droppedBeforeOpen = 0;
  #reconnects = 0;
  #wake = new AbortController();
  #onAcknowledged: (() => void) | null = null;

  constructor(options: UplinkOptions) {
    this.#options = options;
    this.#logUrl = options.logUrl;
    this.#leaseToken = options.leaseToken;
    const { promise, resolve } = Promise.withResolvers<LogHello | null>();
    this.opened = promise;
    this.#resolveOpened = resolve;
    this.#ended = this.#keepLine();
  }

  get counters(): UplinkCounters {
    return {
      droppedRecords: this.#droppedBeforeOpen + (this.#buffer?.droppedRecords ?? 0),
      reconnects: this.#reconnects,
      unacknowledgedBytes: this.#buffer?.bytes ?? 0,
      connected: this.#isResumed,
    };
  }

  /** Takes a whole record with seq 0. The first of an epoch is a RUN; what comes before it, or before the log has said hello, is dropped. */
  push(record: Buffer): void {
    if (this.#stopping.signal.aborted) return;
    if (!this.#buffer) {
      this.#droppedBeforeOpen += 1;
      return;
    }
    if (this.#buffer.push(record, performance.now())) this.#pump();
  }

  /** Sends what waits for company. To be called some times a second: what is waited for may not come. */
  flush(): void {
    this.#pump();
  }

  /** The same epoch with another token or another home of the log. */
  renew({ logUrl, leaseToken }: { logUrl: string; leaseToken: string }): void {
    const hasMoved = logUrl !== this.#logUrl;
    if (!hasMoved && leaseToken === this.#leaseToken) return;
    this.#logUrl = logUrl;
    this.#leaseToken = leaseToken;
    this.#redirectedTo = null;
    if (hasMoved) this.#line?.terminate();
    this.#wake.abort();
  }

  /** Waits until the log has everything or `drainMs` are over, then closes. May be called twice. */
  async close(drainMs: number): Promise<void> {
    const { signal } = this.#stopping;
    this.#pump();
    if (!signal.aborted && this.#buffer && this.#buffer.length > 0 && drainMs > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#onAcknowledged = resolve;
      await Promise.race([promise, sleep(drainMs, undefined, { signal, ref: false })]).catch(() => {
        // Fenced meanwhile: nothing more can be written.
      });
    }
    this.#stop();
    await this.#ended;
  }

  #stop(): void {
    this.#stopping.abort();
    this.#wake.abort();
    this.#line?.close();
    this.#resolveOpened(null);
  }

  #fence(reason: string): void {
    if (this.#stopping.signal.aborted) return;
    this.#options.log.warn({ action: 'uplink.fenced', reason }, 'the log refuses this writer for good');
    this.#stop();
    this.#options.onFenced(reason);
  }

  async #keepLine(): Promise<void> {
    let backoff = reconnectBackoff.next();
    let redirects = 0;
    while (!this.#stopping.signal.aborted) {
      this.#wake = new AbortController();
      const end = await this.#lineOnce();
      if (this.#stopping.signal.aborted) return;
      if (end.kind === 'refused' && end.status === 409) return this.#fence('a higher epoch is in force');
      if (end.kind === 'refused' && end.status === 410) return this.#fence('the stream is over');
      if (end.kind === 'refused' && end.status === 421 && end.location && redirects < redirectsMax) {
        redirects += 1;
        this.#redirectedTo = end.location;
        continue;
      }
      redirects = 0;
      this.#redirectedTo = null;
      if (end.kind === 'closed' && end.wasOpen) {
        backoff = reconnectBackoff.next();
        this.#reconnects += 1;
      }
      const waitMs = refusalWaitMs(end) ?? backoff.duration;
      backoff = backoff.next(undefined);
      this.#options.log.debug({ action: 'uplink.waits', waitMs, end }, 'the log is not there');
      await sleep(waitMs, undefined, { signal: this.#wake.signal }).catch(() => {
        // Renewed or stopping: the loop's head decides.
      });
    }
  }

  async #lineOnce(): Promise<LineEnd> {
    const line = new LogLine({
      url: this.#redirectedTo ?? this.#logUrl,
      leaseToken: this.#leaseToken,
      log: this.#options.log,
      onMessage: (from, message) => {
        if (from === this.#line) this.#onMessage(from, message);
      },
    });
    this.#line = line;
    const end = await line.ended;
    if (this.#draining) clearTimeout(this.#draining);
    this.#draining = null;
    this.#isResumed = false;
    this.#line = null;
    return end;
  }

  #onMessage(line: LogLine, message: LogMessage): void {
    switch (message.type) {
      case 'hello':
        return this.#resume(line, message);
      case 'ack': {
        this.#buffer?.acknowledge(message.written);
        if (this.#buffer?.length === 0) this.#onAcknowledged?.();
        if (this.#draining && this.#buffer?.isUnderWay === false) line.close();
        return;
      }
      case 'request':
        return this.#onRequest(line, message);
      case 'error':
        this.#options.log.warn(
          { action: 'uplink.error', code: message.code, reason: message.message },
          'the log complains',
        );
        if (!message.retry) this.#fence(message.message);
        else line.close();
    }
  }

  #onRequest(line: LogLine, { keyframe, cutAt, stop, drain }: Extract<LogMessage, { type: 'request' }>): void {
    this.#options.log.debug({ action: 'uplink.request', keyframe, cutAt, stop, drain }, 'asked by the log');
    if (keyframe || cutAt !== undefined) this.#options.onKeyFrameWanted?.(cutAt ?? null);
    if (stop) return this.#options.onStopWanted?.();
    // The log leaves: the next line goes wherever it answers from then on, and what comes meanwhile waits for it.
    if (!drain || this.#draining) return;
    this.#draining = setTimeout(() => line.close(), drainMsMax);
    if (this.#buffer?.isUnderWay !== true) line.close();
  }

  #resume(line: LogLine, { lastRun, lastSeqWritten }: LogHello): void {
    const isFirst = this.#buffer === null;
    this.#buffer ??= new Unacknowledged(lastSeqWritten, this.#options.bounds);
    if (lastSeqWritten > this.#buffer.lastSeq) return this.#fence('another writer wrote in this epoch');
    if (!isFirst) for (const record of this.#buffer.resume(lastSeqWritten)) line.send(record);
    this.#isResumed = true;
    this.#resolveOpened({ lastRun, lastSeqWritten });
    const unacknowledged = this.#buffer.length;
    this.#options.log.info(
      { action: 'uplink.open', lastRun, lastSeqWritten, unacknowledged },
      'line to the log is open',
    );
    this.#pump();
  }

  #pump(): void {
    const line = this.#line;
    if (!line || !this.#isResumed || this.#draining || !this.#buffer) return;
    const buffer = this.#buffer;
    line.together(() => {
      while (line.isOpen && line.bufferedBytes < socketBytesMax) {
        const record = buffer.next();
        if (!record) return;
        const fills = line.bufferedBytes + record.length >= socketBytesMax;
        line.send(record, fills ? () => this.#pump() : undefined);
      }
    });
  }
}

/** How long a refusal wants us to wait; null where our own back-off decides. */
function refusalWaitMs(end: LineEnd): number | null {
  if (end.kind === 'closed') return null;
  if (end.status === 401) return unauthorisedWaitMs;
  if (end.status === 503) return end.retryAfterMs;
  return null;
}
