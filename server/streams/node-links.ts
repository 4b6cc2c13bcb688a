import type { DiscoveryAnswer, DiscoveryQuestion } from '#server/contracts/discovery.ts';
import type { DoctorInput, DoctorReport } from '#server/contracts/doctor.ts';
import type { StreamId } from '#server/contracts/ids.ts';
import { looksAtOnce, type LookReport } from '#server/contracts/look.ts';
import type {
  DiskHealth,
  FromSidecar,
  IngestAssignment,
  NodeHealth,
  SidecarRole,
  ToSidecar,
} from '#server/contracts/sidecar.ts';
import { AppError } from '#server/platform/app-error.ts';

import type { Told } from './assignments.ts';
import { Questions } from './questions.ts';

export type Hello = Extract<FromSidecar, { type: 'hello' }>;

/** A sidecar whose control link ends in this process. */
export interface LinkedNode {
  hello: Hello;
  /** This machine's name when the link came over loopback. */
  host: string | null;
  send: (message: ToSidecar) => void;
  /** Of the monotonic clock. */
  heardAt: number;
  health: NodeHealth | null;
  disk: DiskHealth | null;
  told: Told | null;
  /** When each lease token was signed, so that it is renewed in time. */
  tokensSignedAt: number;
  draining: boolean;
}

const diagnoseWithinMs = 22_000;
const diagnosesMax = 8;
/** The node answers within 17 s. */
const discoverWithinMs = 19_000;
const discoveriesMax = 8;
/** The node answers within 12 s. */
const lookWithinMs = 13_000;

/** The sidecars linked to this process, and the questions that are open with them. */
export class NodeLinks {
  readonly #nodes = new Map<string, LinkedNode>();
  readonly #diagnoses = new Questions<DoctorReport>(diagnoseWithinMs, 'examined the source');
  readonly #discoveries = new Questions<DiscoveryAnswer>(discoverWithinMs, 'looked for devices');
  readonly #looks = new Questions<LookReport>(lookWithinMs, 'looked at the source');
  readonly #monotonicNow: () => number;

  constructor(monotonicNow: () => number) {
    this.#monotonicNow = monotonicNow;
  }

  open(hello: Hello, link: { host: string | null; send: (message: ToSidecar) => void }): LinkedNode {
    const node: LinkedNode = {
      hello,
      ...link,
      heardAt: this.#monotonicNow(),
      health: null,
      disk: null,
      told: null,
      tokensSignedAt: 0,
      draining: false,
    };
    this.#nodes.set(hello.node, node);
    return node;
  }

  /** Whether it was the node's present link: a late close of an old one changes nothing. */
  close(node: LinkedNode): boolean {
    if (this.#nodes.get(node.hello.node) !== node) return false;
    this.#nodes.delete(node.hello.node);
    this.#diagnoses.nodeGone(node.hello.node);
    this.#discoveries.nodeGone(node.hello.node);
    this.#looks.nodeGone(node.hello.node);
    return true;
  }

  beat(node: LinkedNode, health: NodeHealth, disk: DiskHealth | null): void {
    node.heardAt = this.#monotonicNow();
    node.health = health;
    node.disk = disk;
  }

  all(): LinkedNode[] {
    return [...this.#nodes.values()];
  }

  get(nodeId: string): LinkedNode | undefined {
    return this.#nodes.get(nodeId);
  }

  /** Those heard of within `ms`. */
  heardWithin(ms: number): LinkedNode[] {
    const since = this.#monotonicNow() - ms;
    return this.all().filter((node) => node.heardAt >= since);
  }

  /** How long ago it was heard of. */
  silentMs(node: LinkedNode): number {
    return Math.max(0, this.#monotonicNow() - node.heardAt);
  }

  ofRole(role: SidecarRole): LinkedNode[] {
    return this.all().filter((node) => node.hello.role === role);
  }

  erase(streamId: StreamId): boolean {
    const slicers = this.ofRole('slicer');
    for (const node of slicers) {
      node.told?.delete(streamId);
      node.send({ type: 'release', streamIds: [streamId], erase: true });
    }
    return slicers.length > 0;
  }

  /** Asks the ingest node with the fewest streams. */
  diagnose(input: DoctorInput): Promise<DoctorReport> {
    const node = this.#readers().toSorted((a, b) => (a.told?.size ?? 0) - (b.told?.size ?? 0))[0];
    if (!node)
      throw new AppError('UNAVAILABLE', { message: 'no ingest node is running that could look at the source' });
    if (this.#diagnoses.size >= diagnosesMax) {
      throw new AppError('TOO_MANY_REQUESTS', {
        message: 'as many sources are being looked at as may be at once',
        details: { retryAfterSeconds: 10 },
      });
    }
    return this.#diagnoses.ask(node.hello.node, (requestId) => node.send({ type: 'diagnose', requestId, input }));
  }

  diagnosed(requestId: string, report: DoctorReport): void {
    this.#diagnoses.answer(requestId, report);
  }

  /** Has an ingest node look around its network. */
  discover(question: DiscoveryQuestion): Promise<DiscoveryAnswer> {
    const [node] = this.#readers();
    if (!node) throw new AppError('UNAVAILABLE', { message: 'no ingest node is running that could look around' });
    if (this.#discoveries.size >= discoveriesMax) {
      throw new AppError('TOO_MANY_REQUESTS', {
        message: 'as many devices are being looked for as may be at once',
        details: { retryAfterSeconds: 10 },
      });
    }
    return this.#discoveries.ask(node.hello.node, (requestId) => node.send({ type: 'discover', requestId, question }));
  }

  discovered(requestId: string, answer: DiscoveryAnswer): void {
    this.#discoveries.answer(requestId, answer);
  }

  /** Looks that may be begun at this moment. */
  get roomForLooks(): number {
    return this.#readers().reduce(
      (sum, node) => sum + Math.max(0, looksAtOnce - this.#looks.ofNode(node.hello.node)),
      0,
    );
  }

  /** Has the ingest node with the fewest looks in hand take a picture. */
  look(streamId: StreamId, source: IngestAssignment['source']): Promise<LookReport> {
    const inHand = (node: LinkedNode) => this.#looks.ofNode(node.hello.node);
    const node = this.#readers().toSorted((a, b) => inHand(a) - inHand(b))[0];
    if (!node || inHand(node) >= looksAtOnce)
      throw new AppError('UNAVAILABLE', { message: 'no ingest node is free to look at the source' });
    return this.#looks.ask(node.hello.node, (requestId) => node.send({ type: 'look', requestId, streamId, source }));
  }

  looked(requestId: string, report: LookReport): void {
    this.#looks.answer(requestId, report);
  }

  #readers(): LinkedNode[] {
    return this.ofRole('ingest').filter((node) => !node.draining);
  }
}
