import { randomUUID } from 'node:crypto';

import { nodeId } from '#server/contracts/ids.ts';
import type { ToSidecar } from '#server/contracts/sidecar.ts';
import type { SourcesService } from '#server/sources/service.ts';
import { StreamsService, type LinkedNode } from '#server/streams/service.ts';

import { cloneDatabase } from './database.ts';
import { aBus, aCameraInput, anOwner, aSourcesService, silentLog } from './factories.ts';
import { aNodeHealth } from './node-health.ts';

export interface FakeNode {
  link: LinkedNode;
  id: string;
  told: ToSidecar[];
  /** What it holds, as a sidecar would after these messages: stream and epoch. */
  held: Map<string, number>;
}

/** Gateways that plan streams over one database, and nodes that only remember what they were told. */
export class StreamsHouse {
  /** Virtual milliseconds: the clock of heartbeats and the monotonic one together. */
  time = 0;
  readonly sources: SourcesService;
  readonly owner: Awaited<ReturnType<typeof anOwner>>;
  readonly #clone: Awaited<ReturnType<typeof cloneDatabase>>;

  private constructor(clone: Awaited<ReturnType<typeof cloneDatabase>>, owner: Awaited<ReturnType<typeof anOwner>>) {
    this.#clone = clone;
    this.owner = owner;
    this.sources = aSourcesService(clone.database);
  }

  static async open(): Promise<StreamsHouse> {
    const clone = await cloneDatabase();
    return new StreamsHouse(clone, await anOwner(clone.database));
  }

  get database() {
    return this.#clone.database;
  }

  async empty(): Promise<void> {
    await this.database.camera.deleteMany();
    await this.database.streamLease.deleteMany();
    await this.database.stream.deleteMany();
    await this.database.node.deleteMany();
    this.time = Date.now();
  }

  async close(): Promise<void> {
    await this.#clone[Symbol.asyncDispose]();
  }

  gateway(events = aBus(), more: Partial<ConstructorParameters<typeof StreamsService>[0]> = {}): StreamsService {
    return new StreamsService({
      database: this.database,
      events,
      sources: this.sources,
      log: silentLog,
      secret: 'a secret for tests only',
      now: () => new Date(this.time),
      monotonicNow: () => this.time,
      clock: () => Promise.resolve(new Date(this.time)),
      processExists: () => true,
      ...more,
    });
  }

  addCamera(input: Parameters<typeof aCameraInput>[0] = {}) {
    return this.sources.create(this.owner, aCameraInput(input));
  }

  leases(role: string) {
    return this.database.streamLease.findMany({ where: { role }, orderBy: { streamId: 'asc' } });
  }
}

export function join(
  gateway: StreamsService,
  role: 'ingest' | 'slicer',
  more: { url?: string | null; place?: string; capacity?: number } = {},
): FakeNode {
  const id = randomUUID();
  const told: ToSidecar[] = [];
  const held = new Map<string, number>();
  const send = (message: ToSidecar) => {
    told.push(message);
    if (message.type === 'release') for (const stream of message.streamIds) held.delete(stream);
    if (message.type !== 'ingest' && message.type !== 'slice') return;
    if (message.full) held.clear();
    for (const stream of message.streams) held.set(stream.streamId, stream.epoch);
  };
  const url =
    more.url === undefined ? (role === 'slicer' ? `http://127.0.0.1:${1 + (told.length % 9)}` : null) : more.url;
  const hello = {
    type: 'hello' as const,
    node: nodeId.parse(id),
    role,
    url,
    pid: 1,
    capacity: more.capacity ?? 100,
    ...(more.place && { place: more.place }),
  };
  return { link: gateway.linkOpened(hello, { host: null, send }), id, told, held };
}

export function beat(gateway: StreamsService, node: FakeNode): Promise<void> {
  return gateway.received(node.link, { type: 'heartbeat', health: aNodeHealth, disk: null });
}
