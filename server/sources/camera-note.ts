import { noteChange } from '#server/platform/change-note.ts';

import { hintOf } from './address.ts';
import type { CameraRow, SealedCameraRow } from './store.ts';

/** What a camera's row says that an admin may read again: never an address with what opens it. */
function factsOf(row: CameraRow): Record<string, unknown> {
  const { stream: _stream, createdAt: _created, updatedAt: _updated, options, ...facts } = row;
  return { ...facts, options: withoutSecrets(options) };
}

/** Addresses inside the options may hold a key in their query. */
function withoutSecrets(options: unknown): unknown {
  if (typeof options !== 'object' || options === null || !('stillUrl' in options)) return options;
  return { ...options, stillUrl: typeof options.stillUrl === 'string' ? hintOf(options.stillUrl) : null };
}

/** For the audit log: the whole of a camera that came or went, and of one that was changed the fields that differ. */
export function noteCamera(
  id: string,
  { before, after }: { before?: CameraRow | SealedCameraRow; after?: CameraRow | SealedCameraRow },
): void {
  const object = { type: 'camera', id };
  const [was, is] = [before && plainFacts(before), after && plainFacts(after)];
  if (!was || !is) {
    noteChange({ object, ...(was && { before: was }), ...(is && { after: is }) });
    return;
  }
  const differing = Object.keys(is).filter((field) => JSON.stringify(was[field]) !== JSON.stringify(is[field]));
  const only = (facts: Record<string, unknown>) => Object.fromEntries(differing.map((field) => [field, facts[field]]));
  noteChange({ object, before: only(was), after: only(is) });
}

function plainFacts(row: CameraRow | SealedCameraRow): Record<string, unknown> {
  const { sealedAddress: _sealed, ...facts } = factsOf(row);
  return facts;
}
