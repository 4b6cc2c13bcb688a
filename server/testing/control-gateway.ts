import { once } from 'node:events';

import { v7 as uuidv7 } from 'uuid';
import { WebSocketServer, type WebSocket } from 'ws';

import { cameraId, streamId, type StreamId } from '#server/contracts/ids.ts';
import type { StreamPolicy } from '#server/contracts/media-state.ts';
import { fromSidecar, type FromSidecar, type IngestAssignment } from '#server/contracts/sidecar.ts';
import type { StreamSource } from '#server/sources/service.ts';
import { dutiesByNode, messagesOf, stepOf, type Assignment, type Told } from '#server/streams/assignments.ts';
import { planLeases, type LeaseRole, type PlanLease, type PlanNode } from '#server/streams/lease-plan.ts';
import { signLeaseToken } from '#server/streams/lease-token.ts';

type Hello = Extract<FromSidecar, { type: 'hello' }>;
type Source = IngestAssignment['source'];

interface Node {
  hello: Hello;
  socket: WebSocket;
  heardAtMs: number;
  told: Told | null;
}

export interface Said {
  atMs: number;
  node: string;
  role: LeaseRole;
  message: Exclude<FromSidecar, { type: 'hello' }>;
}

const planEveryMs = 250;
const saidLengthMax = 20_000;

/**
 * The gateway's end of the control link without database and pages: leases are planned by the same rules as in server/streams, kept in
 * memory, and told to real sidecar processes. Remembers what they say.
 */
export class ControlGateway {
  readonly secret = 'an internal secret of tests only';
  readonly said: Said[] = [];
  readonly #sockets: WebSocketServer;
  readonly #nodes = new Map<string, Node>();
  /** Every node that ever said hello, so that a holder that is gone can be told from one that is late. */
  readonly #known = new Map<string, { hello: Hello; heardAtMs: number }>();
  readonly #leases = new Map<string, PlanLease>();
  readonly #sources = new Map<StreamId, StreamSource>();
  readonly #timer: NodeJS.Timeout;
  #planning: Promise<void> = Promise.resolve();

  private constructor() {
    this.#sockets = new WebSocketServer({ port: 0, host: '127.0.0.1', path: '/internal/v1/control' });
    this.#sockets.on('connection', (socket, request) => {
      if (request.headers.authorization === `Bearer ${this.secret}`) this.#welcome(socket);
      else socket.close(1008);
    });
    this.#timer = setInterval(() => this.#plan(), planEveryMs);
  }

  static async start(): Promise<ControlGateway> {
    const gateway = new ControlGateway();
    await once(gateway.#sockets, 'listening');
    return gateway;
  }

  get url(): string {
    const address = this.#sockets.address();
    if (typeof address !== 'object' || !address) throw new Error('the gateway does not listen on a port');
    return `ws://127.0.0.1:${address.port}`;
  }

  /** A camera from now on, always read and recorded unless its policy says otherwise. */
  addStream(source: Pick<Source, 'kind' | 'address'> & Partial<Source>, policy: Partial<StreamPolicy> = {}): StreamId {
    const id = streamId.parse(uuidv7());
    this.#sources.set(id, {
      cameraId: cameraId.parse(uuidv7()),
      streamId: id,
      epochMs: Date.now() - 86_400_000,
      ownerId: null,
      deleted: false,
      hidden: false,
      feed: null,
      host: null,
      source: { options: {}, label: 'test', latitude: 35.6, longitude: 139.7, timeZone: 'Asia/Tokyo', ...source },
      policy: {
        visibility: 'public',
        demo: false,
        intervalSeconds: null,
        onDemand: false,
        record: { mode: 'always', maxAgeSeconds: 3600, maxBytes: null },
        ladder: 'onDemand',
        graceMs: null,
        ...policy,
      },
    });
    this.#plan();
    return id;
  }

  /** The camera is changed by its owner. */
  changeSource(id: StreamId, change: Partial<Source>): void {
    const known = this.#sources.get(id);
    if (!known?.source) throw new Error(`there is no stream ${id}`);
    this.#sources.set(id, { ...known, source: { ...known.source, ...change } });
    this.#plan();
  }

  lease(role: LeaseRole, id: StreamId): PlanLease | undefined {
    return this.#leases.get(`${role} ${id}`);
  }

  /** Process id of the node that holds the lease. */
  holderPid(role: LeaseRole, id: StreamId): number | undefined {
    return this.#known.get(this.lease(role, id)?.nodeId ?? '')?.hello.pid;
  }

  saidOf<Type extends Said['message']['type']>(
    type: Type,
  ): (Omit<Said, 'message'> & { message: Extract<FromSidecar, { type: Type }> })[] {
    return this.said.filter(
      (said): said is Omit<Said, 'message'> & { message: Extract<FromSidecar, { type: Type }> } =>
        said.message.type === type,
    );
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#planning;
    for (const link of this.#sockets.clients) link.terminate();
    this.#sockets.close();
    await once(this.#sockets, 'close');
  }

  #welcome(socket: WebSocket): void {
    let node: Node | null = null;
    socket.on('message', (data: Buffer) => {
      const message = fromSidecar.parse(JSON.parse(data.toString()));
      if (message.type === 'hello') {
        node = { hello: message, socket, heardAtMs: performance.now(), told: null };
        this.#nodes.set(message.node, node);
        this.#known.set(message.node, node);
        this.#plan();
      } else if (node) this.#hear(node, message);
    });
    socket.on('close', () => {
      if (node && this.#nodes.get(node.hello.node) === node) this.#nodes.delete(node.hello.node);
      this.#plan();
    });
  }

  #hear(node: Node, message: Said['message']): void {
    const { node: name, role } = node.hello;
    if (role !== 'ingest' && role !== 'slicer') return;
    node.heardAtMs = performance.now();
    if (this.said.length >= saidLengthMax) this.said.splice(0, saidLengthMax / 2);
    this.said.push({ atMs: Date.now(), node: name, role, message });
    if (message.type !== 'source') return;
    const { streamId: id, fault, message: text } = message;
    const keeper = this.#nodes.get(this.lease('slicer', id)?.nodeId ?? '');
    keeper?.socket.send(JSON.stringify({ type: 'sourceState', streamId: id, fault, message: text }));
  }

  #plan(): void {
    this.#planning = this.#planning.then(() => this.#planOnce());
  }

  async #planOnce(): Promise<void> {
    const ids = new Set(this.#sources.keys());
    const leases = [...this.#leases.values()];
    const nodes = [...this.#known.keys()].flatMap((id) => this.#planNode(id));
    const wanted = { ingest: ids, slicer: ids };
    for (const { samePlace: _, ...lease } of planLeases({ now: new Date(), nodes, leases, wanted, judge: true })) {
      this.#leases.set(`${lease.role} ${lease.streamId}`, lease);
    }
    const held = [...this.#leases.values()].flatMap(({ nodeId, ...lease }) =>
      nodeId === null ? [] : [{ ...lease, nodeId, firstMediaSequence: 0 }],
    );
    const urlOf = (nodeId: string) => this.#known.get(nodeId)?.hello.url ?? null;
    const duties = dutiesByNode({ sources: [...this.#sources.values()], leases: held, urlOf });
    for (const node of this.#nodes.values()) {
      await this.#tell(node, duties.get(node.hello.node) ?? new Map<StreamId, Assignment>());
    }
  }

  #planNode(id: string): PlanNode[] {
    const known = this.#known.get(id);
    if (!known) return [];
    const { role, url, place, pid, capacity } = known.hello;
    if (role !== 'ingest' && role !== 'slicer') return [];
    const heartbeatAt = new Date(Date.now() - (performance.now() - known.heardAtMs));
    const gone = !this.#nodes.has(id) && !processExists(pid);
    return [{ id, role, url, place: place ?? url, capacity, heartbeatAt, gone, draining: false }];
  }

  async #tell(node: Node, duty: ReadonlyMap<StreamId, Assignment>): Promise<void> {
    const { role, node: writer } = node.hello;
    if (role !== 'ingest' && role !== 'slicer') return;
    const step = stepOf(node.told, duty);
    node.told = step.next;
    const streams = await Promise.all(
      step.changed.map(async (assignment) => {
        if (assignment.role === 'slicer') return assignment.stream;
        const { streamId: stream, epoch } = assignment.stream;
        const options = { secret: this.secret, now: new Date() };
        return { ...assignment.stream, leaseToken: await signLeaseToken({ stream, epoch, writer }, options) };
      }),
    );
    const keptAt = (id: StreamId) => this.#known.get(this.lease('slicer', id)?.nodeId ?? '')?.hello.url ?? null;
    const farewell = { isErased: () => false, keptAt };
    for (const message of messagesOf(role, { ...step, ...farewell }, streams))
      node.socket.send(JSON.stringify(message));
  }
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // ESRCH: these are children of the test, so no other error can be.
  }
}
