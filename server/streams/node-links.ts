import { randomUUID } from 'node:crypto';

import type { DoctorInput, DoctorReport } from '#server/contracts/doctor.ts';
import type { StreamId } from '#server/contracts/ids.ts';
import type { DiskHealth, FromSidecar, NodeHealth, SidecarRole, ToSidecar } from '#server/contracts/sidecar.ts';
import { AppError } from '#server/platform/app-error.ts';

import type { Told } from './assignments.ts';

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

/** The sidecars linked to this process, and the questions that are open with them. */
export class NodeLinks {
  readonly #nodes = new Map<string, LinkedNode>();
  readonly #questions = new Map<
    string,
    { resolve: (report: DoctorReport) => void; nodeId: string; reject: (error: AppError) => void }
  >();
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
    for (const [id, question] of this.#questions) {
      if (question.nodeId !== node.hello.node) continue;
      this.#questions.delete(id);
      question.reject(
        new AppError('UNAVAILABLE', { message: 'the ingest node went away while it looked at the source' }),
      );
    }
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
    const node = this.ofRole('ingest')
      .filter((candidate) => !candidate.draining)
      .toSorted((a, b) => (a.told?.size ?? 0) - (b.told?.size ?? 0))[0];
    if (!node)
      throw new AppError('UNAVAILABLE', { message: 'no ingest node is running that could look at the source' });
    if (this.#questions.size >= diagnosesMax) {
      throw new AppError('TOO_MANY_REQUESTS', {
        message: 'as many sources are being looked at as may be at once',
        details: { retryAfterSeconds: 10 },
      });
    }
    const requestId = randomUUID();
    return new Promise<DoctorReport>((resolve, reject) => {
      const late = setTimeout(() => {
        this.#questions.delete(requestId);
        reject(new AppError('TIMED_OUT', { message: 'the ingest node did not report within its deadline' }));
      }, diagnoseWithinMs);
      const settle =
        <Value>(then: (value: Value) => void) =>
        (value: Value) => {
          clearTimeout(late);
          then(value);
        };
      this.#questions.set(requestId, { resolve: settle(resolve), reject: settle(reject), nodeId: node.hello.node });
      node.send({ type: 'diagnose', requestId, input });
    });
  }

  diagnosed(requestId: string, report: DoctorReport): void {
    // An answer after the deadline has nobody to go to.
    this.#questions.get(requestId)?.resolve(report);
    this.#questions.delete(requestId);
  }
}
