import {
  cameraKind,
  ingestMode,
  ladderMode,
  recordPolicy,
  sourceOptions,
  visibility,
  type CameraKind,
} from '#server/contracts/camera.ts';
import { cameraId, streamId, type CameraId, type StreamId } from '#server/contracts/ids.ts';
import type { StreamPolicy } from '#server/contracts/media-state.ts';
import { pictureRegions } from '#server/contracts/picture-region.ts';
import type { IngestAssignment } from '#server/contracts/sidecar.ts';
import { AppError } from '#server/platform/app-error.ts';
import type { Logger } from '#server/platform/log.ts';
import type { Sealer } from '#server/platform/sealed.ts';

import type { SealedCameraRow } from './store.ts';

/** A camera as the line of media that it is, for `streams`. */
export interface StreamSource {
  cameraId: CameraId;
  streamId: StreamId;
  epochMs: number;
  ownerId: string | null;
  /** Deleted, and may still be restored: its log stays, nothing is read. */
  deleted: boolean;
  /** Withheld, or a demo while demos are not shown: nothing is read, and nobody but its owner sees what was. */
  hidden: boolean;
  /** The open-data feed that lists it, whose terms may bound how many are read at once. */
  feed: string | null;
  /** Where it is asked for, without user and path; null for what is on this machine. */
  host: string | null;
  /** Null when the sealed address can't be opened: the install's key is another one. */
  source: IngestAssignment['source'] | null;
  policy: StreamPolicy;
}

/** Seconds between pictures where a snapshot camera does not say. */
const intervalSecondsDefault = 10;

/** Rows as lines of media. Remembers what it opened last time: opening 500 addresses each second would be waste. */
export class StreamSourceReader {
  readonly #options: { sealer: Sealer; log: Logger };
  #opened = new Map<string, { version: number; source: StreamSource }>();

  constructor(options: { sealer: Sealer; log: Logger }) {
    this.#options = options;
  }

  /** All that take part at the moment: what is not among them is forgotten. */
  read(rows: readonly SealedCameraRow[], demoShown: boolean): StreamSource[] {
    const opened = new Map<string, { version: number; source: StreamSource }>();
    for (const row of rows) {
      const version = row.updatedAt.getTime();
      const known = this.#opened.get(row.id);
      const source = known?.version === version ? known.source : this.#open(row);
      opened.set(row.id, { version, source: { ...source, ...conditionOf(row, demoShown) } });
    }
    this.#opened = opened;
    return [...opened.values()].map((entry) => entry.source);
  }

  readOne(row: SealedCameraRow, demoShown: boolean): StreamSource {
    const known = this.#opened.get(row.id);
    const source = known?.version === row.updatedAt.getTime() ? known.source : this.#open(row);
    return { ...source, ...conditionOf(row, demoShown) };
  }

  #open(row: SealedCameraRow): StreamSource {
    const kind = cameraKind.parse(row.kind);
    const options = sourceOptions.parse(row.options);
    return {
      ...idsOf(row),
      epochMs: Number(row.stream.epochMs),
      ownerId: row.ownerId,
      deleted: false,
      hidden: false,
      feed: row.feed,
      host: kind === 'file' ? null : (URL.parse(row.addressHint ?? '')?.host ?? null),
      source: this.#describe(row, kind, options),
      policy: {
        visibility: visibility.parse(row.visibility),
        demo: row.demo,
        intervalSeconds: kind === 'snapshot' ? (options.intervalSeconds ?? intervalSecondsDefault) : null,
        onDemand: ingestMode.parse(row.ingest) === 'onDemand',
        record: recordPolicy.parse(row.recordPolicy),
        ladder: ladderMode.parse(row.ladder),
        // A camera never ends: an outage is a gap.
        graceMs: null,
      },
    };
  }

  #describe(
    row: SealedCameraRow,
    kind: CameraKind,
    options: IngestAssignment['source']['options'],
  ): StreamSource['source'] {
    const { latitude, longitude, timeZone } = row;
    const masks = pictureRegions.parse(row.masks);
    try {
      const address = openAddress(this.#options.sealer, row) ?? '';
      return {
        kind,
        address,
        options,
        label: row.name,
        latitude,
        longitude,
        timeZone,
        // A list knows its camera by the id, wherever its picture lies this time.
        ...(kind === 'snapshot' && row.feed !== null && { addressMoves: true }),
        ...(masks.length > 0 && { masks }),
      };
    } catch (error) {
      this.#options.log.error(
        { action: 'camera.sealed', cameraId: row.id, error },
        'the address of a camera can not be opened',
      );
      return null;
    }
  }
}

function conditionOf(row: SealedCameraRow, demoShown: boolean): Pick<StreamSource, 'deleted' | 'hidden'> {
  return { deleted: row.deletedAt !== null, hidden: row.withheldAt !== null || (row.demo && !demoShown) };
}

/** The stored address with its credentials; undefined for kinds without one. */
export function openAddress(sealer: Sealer, row: Pick<SealedCameraRow, 'id' | 'sealedAddress'>): string | undefined {
  if (!row.sealedAddress) return undefined;
  try {
    return sealer.open(row.sealedAddress, row.id);
  } catch (cause) {
    throw new AppError('CONFLICT', {
      message: `the stored address of camera ${row.id} was sealed with another key: give it again`,
      details: { field: 'address' },
      cause,
    });
  }
}

export function idsOf(row: { id: string; streamId: string }): { cameraId: CameraId; streamId: StreamId } {
  return { cameraId: cameraId.parse(row.id), streamId: streamId.parse(row.streamId) };
}
