import { v7 as uuidv7 } from 'uuid';

import type { RecordPolicy } from '#server/contracts/camera.ts';
import type { ImportedCamera } from '#server/contracts/feeds.ts';
import type { Sealer } from '#server/platform/sealed.ts';
import type { Rows } from '#server/platform/transaction.ts';

import { checkAddress } from './address.ts';
import * as store from './bulk-store.ts';
import { countryAt, defaultView, timeZoneAt } from './camera-defaults.ts';
import { openAddress } from './stream-source.ts';
import { hasReason } from './withheld-reasons.ts';

/** A part of a list, to be made true in one transaction. */
export interface ImportBatch {
  /** Null for a file's cameras. */
  feed: string | null;
  ownerId: string | null;
  /** What stands with every picture of the list, where a camera does not say its own. */
  credit: { licence: string; attribution: string; attributionUrl: string } | null;
  /** Each origin once; at most `batchLengthMax`. */
  cameras: readonly ImportedCamera[];
}

export interface ImportCounts {
  added: number;
  changed: number;
  unchanged: number;
}

export const batchLengthMax = 500;

/** Why a camera is shown to nobody, where its feed is the reason; what others withheld stays so. */
export const feedReasons = ['NOT_LISTED', 'FEED_OFF'] as const;

/** Nobody keeps days of thousands of foreign cameras without having asked for it. */
const recordPolicy: RecordPolicy = { mode: 'off', maxAgeSeconds: 86_400, maxBytes: null };

/** Adds what is new, changes what differs, shows again what its feed lists again. */
export async function applyBatch(
  rows: Rows,
  batch: ImportBatch,
  { sealer, now }: { sealer: Sealer; now: Date },
): Promise<ImportCounts> {
  const known = new Map(
    (
      await store.listImported(
        rows,
        batch.cameras.map((camera) => camera.origin),
      )
    ).map((row) => [row.origin, row]),
  );
  const added: store.NewCamera[] = [];
  const changed: store.ChangedCamera[] = [];
  for (const camera of batch.cameras) {
    const row = known.get(camera.origin);
    const values = valuesOf(camera, batch);
    if (!row) added.push(newCamera(camera, batch, { values, sealer, now }));
    // Its deletion can still be undone: until then it stays as it was deleted.
    else if (!row.deletedAt && differs(row, { camera, values, sealer })) {
      changed.push({ ...values, ...sealed(camera, row.id, sealer), id: row.id, updatedAt: now });
    }
  }
  await store.insertImported(rows, added, now);
  await store.updateImported(rows, changed);
  await markFaulty(rows, batch, { known, added, now });
  return {
    added: added.length,
    changed: changed.length,
    unchanged: batch.cameras.length - added.length - changed.length,
  };
}

/** All that the list says; time zone and country follow from the position. */
function valuesOf(camera: ImportedCamera, { feed, credit }: ImportBatch): store.ListedValues {
  const { latitude, longitude } = camera;
  return {
    name: camera.name,
    nameJa: camera.nameJa ?? null,
    place: camera.place ?? null,
    placeJa: camera.placeJa ?? null,
    latitude,
    longitude,
    bearing: camera.bearing ?? null,
    timeZone: timeZoneAt(latitude, longitude),
    country: countryAt(latitude, longitude),
    kind: camera.kind,
    options: camera.options ?? {},
    licence: camera.licence ?? credit?.licence ?? null,
    attribution: camera.attribution ?? credit?.attribution ?? null,
    attributionUrl: camera.attributionUrl ?? credit?.attributionUrl ?? null,
    feed,
  };
}

function newCamera(
  camera: ImportedCamera,
  { ownerId }: ImportBatch,
  { values, sealer, now }: { values: store.ListedValues; sealer: Sealer; now: Date },
): store.NewCamera {
  const id = uuidv7();
  return {
    ...values,
    ...sealed(camera, id, sealer),
    id,
    streamId: uuidv7(),
    ownerId,
    epochMs: now.getTime(),
    initialView: defaultView(values.bearing),
    ingest: 'onDemand',
    visibility: 'public',
    recordPolicy,
    origin: camera.origin,
  };
}

function sealed({ kind, address }: ImportedCamera, id: string, sealer: Sealer) {
  const checked = checkAddress(kind, address);
  return {
    sealedAddress: checked ? sealer.seal(checked.address, id) : null,
    addressHint: checked?.hint ?? null,
    hasCredentials: checked?.hasCredentials ?? false,
  };
}

function differs(
  row: store.ImportedRow,
  { camera, values, sealer }: { camera: ImportedCamera; values: store.ListedValues; sealer: Sealer },
): boolean {
  const { options, ...plain } = values;
  const shownAgain = row.withheldAt !== null && isFeedReason(row.withheldReason);
  if (shownAgain || textOf(options) !== textOf(row.options)) return true;
  if (Object.entries(plain).some(([field, value]) => fieldOf(row, field) !== value)) return true;
  const stored = addressOf(row, sealer);
  return stored !== (checkAddress(camera.kind, camera.address)?.address ?? null);
}

function isFeedReason(kept: string | null): boolean {
  return feedReasons.some((reason) => hasReason(kept, reason));
}

function fieldOf(row: object, field: string): unknown {
  return new Map<string, unknown>(Object.entries(row)).get(field);
}

/** An address that another key sealed is sealed anew. */
function addressOf(row: store.ImportedRow, sealer: Sealer): string | null {
  try {
    return openAddress(sealer, row) ?? null;
  } catch {
    return null; // Reads as changed.
  }
}

/** The database gives the fields of a JSON value back in an order of its own. */
function textOf(options: unknown): string {
  const fields: [string, unknown][] = Object.entries(options ?? {});
  return JSON.stringify(fields.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** A fault that its operator reports is told until somebody looks for himself. */
async function markFaulty(
  rows: Rows,
  { cameras }: ImportBatch,
  { known, added, now }: { known: ReadonlyMap<string | null, store.ImportedRow>; added: store.NewCamera[]; now: Date },
): Promise<void> {
  const streamOf = new Map(added.map((camera) => [camera.origin, camera.streamId]));
  const faulty: string[] = [];
  const well: string[] = [];
  for (const camera of cameras) {
    const row = known.get(camera.origin);
    const stream = row?.streamId ?? streamOf.get(camera.origin);
    if (stream && camera.faulty && (row?.stream.state ?? 'unchecked') === 'unchecked') faulty.push(stream);
    if (stream && !camera.faulty && row?.stream.stateReason === reportedFaulty) well.push(stream);
  }
  await store.setStates(rows, faulty, { state: 'offline', stateReason: reportedFaulty, stateSince: now });
  await store.setStates(rows, well, { state: 'unchecked', stateReason: null, stateSince: null });
}

const reportedFaulty = 'reportedFaulty';
