import { nodeId as nodeIdSchema, type StreamId } from '#server/contracts/ids.ts';
import type { IngestAssignment, SlicerAssignment } from '#server/contracts/sidecar.ts';

import { messagesOf, stepOf, type Assignment, type Farewell } from './assignments.ts';
import { leaseTokenSeconds, signLeaseToken } from './lease-token.ts';
import type { LinkedNode, NodeLinks } from './node-links.ts';

interface Options {
  links: NodeLinks;
  secret: string;
  now: () => Date;
  monotonicNow: () => number;
}

/** Tells nodes what has changed for them, with lease tokens that last. */
export class AssignmentTeller {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  async tell(node: LinkedNode, duty: ReadonlyMap<StreamId, Assignment>, farewell: Farewell): Promise<void> {
    const { links, monotonicNow } = this.#options;
    const { role } = node.hello;
    if (role !== 'ingest' && role !== 'slicer') return;
    const renew = node.told !== null && monotonicNow() - node.tokensSignedAt > (leaseTokenSeconds * 1000) / 2;
    const step = stepOf(node.told, duty);
    const assignments = renew && role === 'ingest' ? [...duty.values()] : step.changed;
    const streams = await Promise.all(assignments.map((assignment) => this.#signed(assignment, node.hello.node)));
    if (links.get(node.hello.node) !== node) return;
    if (renew || step.full) node.tokensSignedAt = monotonicNow();
    node.told = step.next;
    for (const message of messagesOf(role, { ...step, ...farewell }, streams)) node.send(message);
  }

  async #signed(assignment: Assignment, writer: string): Promise<IngestAssignment | SlicerAssignment> {
    if (assignment.role === 'slicer') return assignment.stream;
    const { secret, now } = this.#options;
    const { streamId: id, epoch } = assignment.stream;
    const claims = { stream: id, epoch, writer: nodeIdSchema.parse(writer) };
    return { ...assignment.stream, leaseToken: await signLeaseToken(claims, { secret, now: now() }) };
  }
}
