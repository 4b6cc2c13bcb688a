import { cameraKind, sourceOptions } from '#server/contracts/camera.ts';
import { streamId } from '#server/contracts/ids.ts';

import { lookMemory, type LookMemory } from './look-outcome.ts';
import type { LookCandidate } from './rotation-plan.ts';
import type { LookableRow } from './store.ts';

export interface Lookable extends LookCandidate {
  kind: ReturnType<typeof cameraKind.parse>;
  demo: boolean;
  before: LookMemory | null;
  lookedAt: Date | null;
}

/** Seconds between pictures where a snapshot camera does not say. */
const intervalSecondsDefault = 10;

export function toLookable(row: LookableRow, hinted: boolean): Lookable {
  const kind = cameraKind.parse(row.kind);
  // A memory of another version is none.
  const before = lookMemory.safeParse(row.look).data ?? null;
  const { intervalSeconds: interval, stillUrl } = sourceOptions.safeParse(row.options).data ?? {};
  const address = (kind === 'hls' && stillUrl) || row.addressHint;
  return {
    streamId: streamId.parse(row.streamId),
    host: kind === 'file' || address === null ? null : (URL.parse(address)?.host ?? null),
    feed: row.feed,
    lookedAtMs: row.lookedAt?.getTime() ?? null,
    intervalSeconds: kind === 'snapshot' ? (interval ?? intervalSecondsDefault) : 0,
    failures: before?.failures ?? 0,
    hinted,
    kind,
    demo: row.demo,
    before,
    lookedAt: row.lookedAt,
  };
}
