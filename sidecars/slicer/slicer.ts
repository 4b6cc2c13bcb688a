import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { availableParallelism } from 'node:os';
import path from 'node:path';

import type { Logger } from 'pino';

import type { DiskHealth, FromSidecar, NodeHealth, ToSidecar } from '#server/contracts/sidecar.ts';

import { DiskWatch } from './disk/disk-watch.ts';
import { LeftFolders } from './disk/left-folders.ts';
import { Ladders } from './ladder/ladders.ts';
import { TokenCheck } from './lease-token.ts';
import { LogDoor } from './log-door.ts';
import { routeUpgrades } from './log-upgrades.ts';
import { isLoopback } from './loopback.ts';
import { Origin } from './origin.ts';
import { createPicturePool, type PicturePool } from './picture/picture-pool.ts';
import { PictureWatch } from './picture/picture-watch.ts';
import { ReaderDoor } from './reader-door.ts';
import { createRecordedRoutes } from './recorded/recorded-routes.ts';
import { Stills } from './recorded/stills.ts';
import { Reporter } from './reporter.ts';
import { StreamShelf } from './stream-shelf.ts';
import type { LiveStream } from './stream.ts';
import { stuckOf } from './stuck.ts';
import { Viewers } from './viewers.ts';

export interface SlicerOptions {
  dataDir: string;
  secret: string;
  host: string;
  /** 0 chooses one. */
  port: number;
  log: Logger;
  send: (message: FromSidecar) => void;
  ringBytesMax?: number;
  /** Streams that are transcoded at the same time; half as many as there are processors unless told. */
  transcodesMax?: number;
}

const ringBytesMaxDefault = 512 * 1024 * 1024;
/** How late a 503 may be to who is held. A point turns within 5 s: 3 s until nothing is live any more, this, and the second at which pages ask. */
const lookEveryMs = 500;
/** A client that takes nothing for this long is cut; longer than any request is held. */
const stalledMs = 30_000;
/** Longer than the beat of resting thumbnails: a process that decodes ends when no stream is live. */
const pictureIdleMs = 30_000;

/** The slicer without its process: log door, reader door and origin on one port. */
export class Slicer {
  readonly #options: SlicerOptions;
  readonly #mediaDir: string;
  readonly #shelf: StreamShelf;
  readonly #viewers = new Viewers();
  readonly #reporter: Reporter;
  readonly #pool: PicturePool;
  /** For who points at a moment: apart, so that nobody's living thumbnail waits for it. */
  readonly #stillPool: PicturePool;
  readonly #stills: Stills;
  readonly #watches = new WeakMap<LiveStream, PictureWatch>();
  readonly #disk: DiskWatch;
  readonly #writers: LogDoor;
  readonly #readers: ReaderDoor;
  readonly #ladders: Ladders;
  readonly #server: Server;
  readonly #timers: NodeJS.Timeout[] = [];
  #ringBytes = 0;
  #isClosing = false;

  constructor(options: SlicerOptions) {
    this.#options = options;
    const { log, send } = options;
    const tokens = new TokenCheck(options.secret);
    this.#mediaDir = path.join(options.dataDir, 'media');
    this.#shelf = new StreamShelf({
      dir: this.#mediaDir,
      log,
      ringBytesMax: options.ringBytesMax ?? ringBytesMaxDefault,
      opened: (stream) => this.#opened(stream),
    });
    this.#pool = createPicturePool({ log, workers: 1, idleMs: pictureIdleMs });
    this.#stillPool = createPicturePool({ log, workers: 2, idleMs: pictureIdleMs, isUrgent: true, name: 'still' });
    this.#stills = new Stills(this.#stillPool);
    const left = new LeftFolders({
      dir: this.#mediaDir,
      log,
      isTaken: (streamId) => this.#shelf.isTaken(streamId),
    });
    // Recordings may lie on a disk of their own below the data folder.
    this.#disk = new DiskWatch({ path: this.#mediaDir, log, streams: () => this.#shelf.retained(), left });
    this.#reporter = new Reporter({
      viewers: this.#viewers,
      truth: (stream) => this.#watches.get(stream)?.verdict() ?? 'moving',
      rungs: (stream) => this.#ladders.made(stream),
      send,
    });
    this.#ladders = new Ladders({
      log,
      secret: options.secret,
      url: () => this.#ownUrl('ws'),
      transcodesMax: options.transcodesMax ?? Math.max(1, Math.floor(availableParallelism() / 2)),
    });
    const rung = (stream: LiveStream, name: string) => this.#ladders.find(stream, name);
    this.#writers = new LogDoor({ shelf: this.#shelf, tokens, log, rung });
    this.#readers = new ReaderDoor({ shelf: this.#shelf, tokens });
    const origin = new Origin({
      shelf: this.#shelf,
      tokens,
      viewers: this.#viewers,
      log,
      ladders: this.#ladders,
      isPublicBind: !isLoopback(options.host),
      want: (stream) => this.#reporter.want(stream),
      state: (stream) => this.#reporter.state(stream, Date.now()),
      recorded: createRecordedRoutes({
        pool: this.#pool,
        stills: this.#stills,
        watchOf: (stream) => this.#watches.get(stream) ?? null,
      }),
    });
    this.#server = createServer(
      { keepAlive: true, noDelay: true, keepAliveTimeout: 65_000, requestTimeout: 10_000 },
      (request, response) => origin.handle(request, response),
    );
    this.#server.timeout = stalledMs;
    this.#server.maxRequestsPerSocket = 0;
    this.#server.on('upgrade', routeUpgrades({ writers: this.#writers, readers: this.#readers, log }));
  }

  /** Resolves with its address. */
  async listen(): Promise<string> {
    const { host, port } = this.#options;
    await mkdir(this.#mediaDir, { recursive: true });
    this.#server.listen({ host, port, backlog: 4096 });
    await once(this.#server, 'listening');
    this.#disk.start();
    this.#every(lookEveryMs, () => this.#look());
    return this.#ownUrl('http');
  }

  #ownUrl(scheme: 'http' | 'ws'): string {
    const { host, port } = this.#options;
    const address = this.#server.address();
    const chosen = address !== null && typeof address === 'object' ? address.port : port;
    return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${chosen}`;
  }

  message(message: ToSidecar): void {
    switch (message.type) {
      case 'slice': {
        const named = new Set<string>(message.streams.map((stream) => stream.streamId));
        if (message.full)
          for (const id of this.#shelf.ids()) if (!named.has(id)) void this.#release(id, { erase: false });
        for (const assignment of message.streams) this.#shelf.assign(assignment);
        if (message.full) this.#shelf.allTold();
        return;
      }
      case 'release':
        for (const id of message.streamIds) void this.#release(id, message);
        return;
      case 'sourceState':
        this.#reporter.sourceState(message.streamId, message.fault);
        return;
      case 'drain':
        this.#isClosing = true;
        this.#writers.close();
        return;
      case 'ingest':
      case 'diagnose':
      case 'discover':
      case 'look':
        this.#options.log.warn(
          { action: 'control.misdirected', type: message.type },
          'a message that is not for a slicer',
        );
    }
  }

  /** The gateway may have forgotten: everything is told again. */
  connected(): void {
    this.#reporter.tellAll();
  }

  health(): Pick<NodeHealth, 'ready' | 'stuck' | 'counters'> {
    const streams = [...this.#shelf.streams()];
    const sum = (of: (stream: (typeof streams)[number]) => number) =>
      streams.reduce((total, stream) => total + of(stream), 0);
    return {
      ready: !this.#isClosing,
      stuck: stuckOf(streams, Date.now()),
      counters: {
        streams: this.#shelf.size,
        writers: this.#writers.lines,
        readers: this.#readers.readers,
        viewers: sum((stream) => this.#viewers.count(stream)),
        heldRequests: sum((stream) => stream.waiters.count),
        droppedReaders: sum((stream) => stream.readerDrops),
        droppedRecords: sum((stream) => stream.dropped),
        doubles: sum((stream) => stream.doubles),
        ringBytes: this.#ringBytes,
        picturesDecoded: this.#pool.counters.decoded,
        picturesFailed: this.#pool.counters.failed,
        transcodes: this.#ladders.running,
        stillsDecoded: this.#stillPool.counters.decoded,
        stillBytes: this.#stills.counters.bytes,
      },
    };
  }

  /** Takes nothing new, closes logs, cuts what is left. May be called twice. */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    this.#server.close();
    this.#writers.close();
    await this.#ladders.close();
    await this.#disk.close();
    await this.#shelf.close();
    this.#readers.close();
    this.#server.closeAllConnections();
    await this.#pool.close();
    await this.#stillPool.close();
  }

  /** For the heartbeat. */
  get disk(): DiskHealth | null {
    return this.#disk.health;
  }

  #opened(stream: LiveStream): void {
    const watch = new PictureWatch({ streamId: stream.id, pool: this.#pool, log: this.#options.log });
    this.#watches.set(stream, watch);
    stream.sinks.add({
      run: (run) => watch.run(run),
      record: (record, header) => watch.record(record, header),
      close: () => {},
    });
    this.#reporter.watch(stream);
  }

  async #release(streamId: string, how: { erase: boolean; movedTo?: string | undefined }): Promise<void> {
    this.#writers.release(streamId);
    const place = this.#shelf.find(streamId);
    if (place.state === 'open') await this.#ladders.forget(place.stream);
    this.#reporter.forget(streamId);
    await this.#shelf.release(streamId, how).catch((error: unknown) => {
      this.#options.log.error(
        { action: 'stream.release', streamId, error: String(error) },
        'a stream could not be let go cleanly',
      );
    });
  }

  #look(): void {
    const now = performance.now();
    for (const stream of this.#shelf.streams()) {
      stream.waiters.expire(now);
      stream.lookForEnd();
    }
    this.#ladders.look(this.#shelf.streams());
    this.#ringBytes = this.#shelf.trim() + this.#ladders.bytes;
    this.#viewers.expire();
    this.#reporter.look(Date.now());
  }

  #every(ms: number, work: () => void): void {
    this.#timers.push(setInterval(work, ms));
  }
}
