import { removalRequest, type RemovalRequest } from '#server/contracts/removal.ts';

import type { RemovalRow } from './store.ts';

/** As who holds the key reads it. */
export function statusOf(row: RemovalRow) {
  const { id, kind, state, note, camera } = row;
  return {
    id,
    kind,
    state,
    note,
    camera,
    createdAt: row.createdAt.toISOString(),
    decidedAt: row.decidedAt?.toISOString() ?? null,
  };
}

/** As the operator reads it. Parsed: columns are text and JSON, the contract says which. */
export function requestOf(row: RemovalRow): RemovalRequest {
  const { name, email, reason, regions, camera } = row;
  const thumbnail = `/media/${camera.streamId}/thumb.jpg`;
  return removalRequest.parse({
    ...statusOf(row),
    camera: { ...camera, thumbnail, withheld: camera.withheldAt !== null },
    name,
    email,
    reason,
    regions,
  });
}
