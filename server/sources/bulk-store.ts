import type { InitialView, RecordPolicy, SourceOptions } from '#server/contracts/camera.ts';
import type { Rows } from '#server/platform/transaction.ts';

/** What a list says of a camera, and what follows from it. */
export interface ListedValues {
  name: string;
  nameJa: string | null;
  place: string | null;
  placeJa: string | null;
  latitude: number;
  longitude: number;
  bearing: number | null;
  timeZone: string;
  country: string | null;
  kind: string;
  options: SourceOptions;
  licence: string | null;
  attribution: string | null;
  attributionUrl: string | null;
  feed: string | null;
}

export interface SealedValues {
  sealedAddress: Uint8Array<ArrayBuffer> | null;
  addressHint: string | null;
  hasCredentials: boolean;
}

export interface NewCamera extends ListedValues, SealedValues {
  id: string;
  streamId: string;
  ownerId: string | null;
  epochMs: number;
  initialView: InitialView;
  ingest: string;
  visibility: string;
  recordPolicy: RecordPolicy;
  origin: string;
}

export interface ChangedCamera extends ListedValues, SealedValues {
  id: string;
  updatedAt: Date;
}

const compared = {
  id: true,
  streamId: true,
  origin: true,
  name: true,
  nameJa: true,
  place: true,
  placeJa: true,
  latitude: true,
  longitude: true,
  bearing: true,
  timeZone: true,
  country: true,
  kind: true,
  options: true,
  licence: true,
  attribution: true,
  attributionUrl: true,
  feed: true,
  sealedAddress: true,
  withheldAt: true,
  withheldReason: true,
  deletedAt: true,
  stream: { select: { state: true, stateReason: true } },
} as const;

const findImported = (rows: Rows, origins: string[]) =>
  rows.camera.findMany({ where: { origin: { in: origins } }, select: compared });
export type ImportedRow = Awaited<ReturnType<typeof findImported>>[number];

export function listImported(rows: Rows, origins: string[]): Promise<ImportedRow[]> {
  return findImported(rows, origins);
}

/** Rows as one JSON text: a parameter a value would be thousands of them, and a plan of its own for each length. */
function jsonOf(cameras: readonly SealedValues[]): string {
  return JSON.stringify(
    cameras.map(({ sealedAddress, ...camera }) =>
      Object.assign(camera, { sealed: sealedAddress ? Buffer.from(sealedAddress).toString('hex') : null }),
    ),
  );
}

/** Two statements, however many there are. */
export async function insertImported(rows: Rows, cameras: readonly NewCamera[], at: Date): Promise<void> {
  if (cameras.length === 0) return;
  const values = jsonOf(cameras);
  await rows.$executeRaw`
    INSERT INTO streams (id, epoch_ms)
    SELECT "streamId", "epochMs" FROM jsonb_to_recordset(${values}::jsonb) AS x("streamId" uuid, "epochMs" bigint)`;
  await rows.$executeRaw`
    INSERT INTO cameras (
      id, stream_id, owner_id, origin, name, name_ja, place, place_ja, latitude, longitude, bearing, time_zone, country,
      kind, options, licence, attribution, attribution_url, feed, sealed_address, address_hint, has_credentials,
      initial_view, ingest, visibility, record_policy, updated_at)
    SELECT
      id, "streamId", "ownerId", origin, name, "nameJa", place, "placeJa", latitude, longitude, bearing, "timeZone", country,
      kind, options, licence, attribution, "attributionUrl", feed, decode(sealed, 'hex'), "addressHint", "hasCredentials",
      "initialView", ingest, visibility, "recordPolicy", ${at}
    FROM jsonb_to_recordset(${values}::jsonb) AS x(
      id uuid, "streamId" uuid, "ownerId" uuid, origin text, name text, "nameJa" text, place text, "placeJa" text,
      latitude float8, longitude float8, bearing float8, "timeZone" text, country text, kind text, options jsonb,
      licence text, attribution text, "attributionUrl" text, feed text, sealed text, "addressHint" text,
      "hasCredentials" boolean, "initialView" jsonb, ingest text, visibility text, "recordPolicy" jsonb)`;
}

/** One statement. Shows them again where their feed was the reason that they were not. */
export async function updateImported(rows: Rows, cameras: readonly ChangedCamera[]): Promise<void> {
  if (cameras.length === 0) return;
  await rows.$executeRaw`
    UPDATE cameras SET
      name = x.name, name_ja = x."nameJa", place = x.place, place_ja = x."placeJa",
      latitude = x.latitude, longitude = x.longitude, bearing = x.bearing, time_zone = x."timeZone", country = x.country,
      kind = x.kind, options = x.options, licence = x.licence, attribution = x.attribution,
      attribution_url = x."attributionUrl", feed = x.feed, sealed_address = decode(x.sealed, 'hex'),
      address_hint = x."addressHint", has_credentials = x."hasCredentials", updated_at = x."updatedAt",
      withheld_at = CASE WHEN withheld_reason IN ('NOT_LISTED', 'FEED_OFF') THEN NULL ELSE withheld_at END,
      -- Of several reasons that stand, apart by blanks, its feed takes back its own.
      withheld_reason = nullif(array_to_string(array_remove(array_remove(
        string_to_array(withheld_reason, ' '), 'NOT_LISTED'), 'FEED_OFF'), ' '), '')
    FROM jsonb_to_recordset(${jsonOf(cameras)}::jsonb) AS x(
      id uuid, name text, "nameJa" text, place text, "placeJa" text, latitude float8, longitude float8, bearing float8,
      "timeZone" text, country text, kind text, options jsonb, licence text, attribution text, "attributionUrl" text,
      feed text, sealed text, "addressHint" text, "hasCredentials" boolean, "updatedAt" timestamptz)
    WHERE cameras.id = x.id`;
}

export async function setStates(
  rows: Rows,
  ids: string[],
  state: { state: string; stateReason: string | null; stateSince: Date | null },
): Promise<void> {
  if (ids.length > 0) await rows.stream.updateMany({ where: { id: { in: ids } }, data: state });
}

/** Cameras of a feed that begin with `scope` and that `listed` does not name; how many there were. */
export function withholdUnlisted(
  rows: Rows,
  { feed, scope, listed, at }: { feed: string; scope: string; listed: readonly string[]; at: Date },
): Promise<number> {
  return rows.$executeRaw`
    UPDATE cameras SET withheld_at = ${at}, withheld_reason = 'NOT_LISTED', updated_at = ${at}
    WHERE feed = ${feed} AND starts_with(origin, ${scope}) AND withheld_at IS NULL
      AND NOT EXISTS (SELECT FROM jsonb_array_elements_text(${JSON.stringify(listed)}::jsonb) AS x(origin)
                      WHERE x.origin = cameras.origin)`;
}

export async function withholdAll(rows: Rows, { feed, at }: { feed: string; at: Date }): Promise<number> {
  const { count } = await rows.camera.updateMany({
    where: { feed, withheldAt: null },
    data: { withheldAt: at, withheldReason: 'FEED_OFF' },
  });
  // What somebody took down stays down for that, and is not shown again by taking it back while the feed is off.
  await rows.$executeRaw`
    UPDATE cameras SET withheld_reason = withheld_reason || ' FEED_OFF'
    WHERE feed = ${feed} AND withheld_at IS NOT NULL
      AND NOT string_to_array(withheld_reason, ' ') && ARRAY['NOT_LISTED', 'FEED_OFF']`;
  return count;
}

/** Cameras that are shown, by feed. */
export async function countShown(
  rows: Rows,
  scope: { feed: string; scope: string } | null,
): Promise<Map<string, number>> {
  const counts = await rows.camera.groupBy({
    by: ['feed'],
    where: {
      withheldAt: null,
      deletedAt: null,
      feed: scope ? scope.feed : { not: null },
      ...(scope && { origin: { startsWith: scope.scope } }),
    },
    _count: { _all: true },
  });
  return new Map(counts.flatMap((row) => (row.feed === null ? [] : [[row.feed, row._count._all]])));
}
