import { v7 as uuidv7 } from 'uuid';

import {
  cameraKind,
  sourceOptions,
  visibility,
  type CameraDetail,
  type CameraForOwner,
  type CameraInput,
  type CameraPage,
  type CameraPatch,
  type CameraQuery,
  type Visibility,
} from '#server/contracts/camera.ts';
import type { DoctorInput } from '#server/contracts/doctor.ts';
import type { Actor } from '#server/contracts/identity.ts';
import { cameraId, streamId, type CameraId, type StreamId } from '#server/contracts/ids.ts';
import type { IdentityService } from '#server/identity/service.ts';
import { AppError } from '#server/platform/app-error.ts';
import type { Events } from '#server/platform/events.ts';
import type { Logger } from '#server/platform/log.ts';
import type { Sealer } from '#server/platform/sealed.ts';
import { inTransaction, type Database } from '#server/platform/transaction.ts';

import { checkAddress } from './address.ts';
import { defaultIngest, defaultRecordPolicy, defaultView, timeZoneAt } from './camera-defaults.ts';
import { toCameraForOwner, toCameraView } from './camera-view.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import * as store from './store.ts';
import { idsOf, openAddress, StreamSourceReader, type StreamSource } from './stream-source.ts';

export type { StreamSource } from './stream-source.ts';

/** How long a deletion can be undone. */
export const undoWindowMs = 30_000;
const pageLength = 100;

export interface SourcesOptions {
  database: Database;
  events: Events;
  sealer: Sealer;
  identity: Pick<IdentityService, 'isAllowed' | 'authorize'>;
  log: Logger;
  now?: () => Date;
}

/** The rules of cameras: who sees, adds, changes and deletes them. */
export class SourcesService {
  readonly #options: SourcesOptions;
  readonly #now: () => Date;
  readonly #reader: StreamSourceReader;

  constructor(options: SourcesOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
    this.#reader = new StreamSourceReader(options);
  }

  /** What `actor` may see in a list. Unlisted ones are found by their address alone. */
  async list(actor: Actor, query: CameraQuery): Promise<CameraPage> {
    const { database, identity } = this.#options;
    const seen = (value: Visibility) =>
      value !== 'unlisted' && identity.isAllowed(actor, 'camera:view', { ownerId: null, visibility: value });
    const filter: store.CameraFilter = {
      words: (query.query ?? '').split(/\s+/u).filter((word) => word !== ''),
      states: query.states ?? null,
      kinds: query.kinds ?? null,
      visibilities: identity.isAllowed(actor, 'camera:update') ? null : visibility.options.filter(seen),
    };
    const limit = query.limit ?? pageLength;
    const after = query.cursor ? decodeCursor(query.cursor) : null;
    const [rows, total] = await Promise.all([
      store.listCameras(database, filter, { after, limit: limit + 1 }),
      store.countCameras(database, filter),
    ]);
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return {
      items: items.map(toCameraView),
      nextCursor: rows.length > limit && last ? encodeCursor(last) : null,
      total,
    };
  }

  async get(actor: Actor, id: string): Promise<CameraDetail> {
    const row = await this.#find(actor, id);
    const editable = this.#options.identity.isAllowed(actor, 'camera:update', subjectOf(row));
    return editable ? { ...toCameraForOwner(row), editable } : { ...toCameraView(row), editable };
  }

  async create(actor: Actor, input: CameraInput): Promise<CameraForOwner> {
    const { identity, database, events } = this.#options;
    identity.authorize(actor, 'camera:create');
    const id = cameraId.parse(uuidv7());
    const line = streamId.parse(uuidv7());
    const bearing = input.bearing ?? null;
    const values: store.CameraValues = {
      ...textsOf(input),
      name: input.name,
      latitude: input.latitude,
      longitude: input.longitude,
      bearing,
      timeZone: timeZoneAt(input.latitude, input.longitude),
      initialView: input.initialView ?? defaultView(bearing),
      kind: input.kind,
      options: input.options ?? {},
      ingest: input.ingest ?? defaultIngest(input.kind),
      visibility: input.visibility ?? 'public',
      recordPolicy: input.recordPolicy ?? defaultRecordPolicy,
      ownerId: actor.type === 'user' ? actor.userId : null,
      ...this.#sealAddress(id, input.kind, input.address),
    };
    const row = await inTransaction(database, (rows) =>
      store.insertCamera(rows, { ...values, id, streamId: line }, this.#now().getTime()),
    );
    events.publish({ type: 'camera.changed', cameraId: id, streamId: line, change: 'added' });
    return toCameraForOwner(row);
  }

  /** What `patch` leaves out stays. */
  async update(actor: Actor, id: string, patch: CameraPatch): Promise<CameraForOwner> {
    const { identity, database, events } = this.#options;
    const before = await this.#find(actor, id);
    identity.authorize(actor, 'camera:update', subjectOf(before));
    const kind = patch.kind ?? cameraKind.parse(before.kind);
    const reseal = patch.address !== undefined || kind !== before.kind;
    const address = patch.address ?? (kind === 'synthetic' ? undefined : openAddress(this.#options.sealer, before));
    const { address: _address, latitude, longitude, ...rest } = patch;
    const place = { latitude: latitude ?? before.latitude, longitude: longitude ?? before.longitude };
    const row = await store.updateCamera(database, id, {
      ...defined(rest),
      ...place,
      timeZone: timeZoneAt(place.latitude, place.longitude),
      ...(reseal ? this.#sealAddress(id, kind, address) : {}),
    });
    if (!row) throw new AppError('NOT_FOUND', { message: `camera ${id} is gone` });
    events.publish({ type: 'camera.changed', ...idsOf(row), change: 'changed' });
    return toCameraForOwner(row);
  }

  /** Hides it at once; it is taken away for good when the time for undoing has passed. */
  async delete(actor: Actor, id: string): Promise<{ id: CameraId; restorableUntil: string }> {
    const { identity, database, events } = this.#options;
    const row = await this.#find(actor, id);
    identity.authorize(actor, 'camera:delete', subjectOf(row));
    const at = this.#now();
    if (await store.markDeleted(database, id, at)) {
      events.publish({ type: 'camera.changed', ...idsOf(row), change: 'deleted' });
    }
    return { id: idsOf(row).cameraId, restorableUntil: new Date(at.getTime() + undoWindowMs).toISOString() };
  }

  async restore(actor: Actor, id: string): Promise<CameraForOwner> {
    const { identity, database, events } = this.#options;
    const row = await store.findCamera(database, id);
    if (!row || !identity.isAllowed(actor, 'camera:view', subjectOf(row)))
      throw new AppError('NOT_FOUND', { message: `no camera ${id}` });
    identity.authorize(actor, 'camera:delete', subjectOf(row));
    if (await store.markDeleted(database, id, null)) {
      events.publish({ type: 'camera.changed', ...idsOf(row), change: 'added' });
    }
    return toCameraForOwner(row);
  }

  /** Deleted cameras whose time for undoing has passed. */
  listPurgeable(): Promise<{ id: string; streamId: string }[]> {
    return store.listDeleted(this.#options.database, this.#purgeBefore());
  }

  /** Takes the rows away; false when it was restored meanwhile. */
  purge(id: string, line: string): Promise<boolean> {
    return inTransaction(this.#options.database, (rows) => store.purgeCamera(rows, id, line, this.#purgeBefore()));
  }

  /** What the doctor is to look at: the given address, or the stored one of a camera that `actor` may change. */
  async diagnosable(actor: Actor, input: DoctorInput): Promise<DoctorInput> {
    const { identity } = this.#options;
    identity.authorize(actor, 'camera:diagnose');
    const stored = input.cameraId ? await this.#find(actor, input.cameraId) : null;
    if (stored) identity.authorize(actor, 'camera:update', subjectOf(stored));
    const address =
      input.address ?? (stored && input.kind !== 'synthetic' ? openAddress(this.#options.sealer, stored) : undefined);
    const options = input.options ?? (stored ? sourceOptions.parse(stored.options) : undefined);
    const checked = checkAddress(input.kind, address);
    return { kind: input.kind, ...(checked && { address: checked.address }), ...(options && { options }) };
  }

  /** The streams of those of the cameras that `actor` may see; of all in their list without `ids`. */
  async visibleStreams(actor: Actor, ids: readonly string[] | null): Promise<StreamId[]> {
    const { database, identity } = this.#options;
    const rows = await store.listSubjects(database, ids);
    return rows
      .filter((row) => identity.isAllowed(actor, 'camera:view', subjectOf(row)))
      .filter(
        (row) =>
          ids !== null || row.visibility !== 'unlisted' || identity.isAllowed(actor, 'camera:update', subjectOf(row)),
      )
      .map((row) => idsOf(row).streamId);
  }

  /** Every line of media there is to be, in a lasting order. */
  async streamSources(): Promise<StreamSource[]> {
    return this.#reader.read(await store.listAllSources(this.#options.database));
  }

  async #find(actor: Actor, id: string): Promise<store.SealedCameraRow> {
    const row = await store.findCamera(this.#options.database, id);
    // Whoever may not see it is told the same as if it were not there.
    if (!row || row.deletedAt || !this.#options.identity.isAllowed(actor, 'camera:view', subjectOf(row))) {
      throw new AppError('NOT_FOUND', { message: `no camera ${id}` });
    }
    return row;
  }

  #sealAddress(id: string, kind: CameraInput['kind'], address: string | undefined) {
    const checked = checkAddress(kind, address);
    return {
      sealedAddress: checked ? this.#options.sealer.seal(checked.address, id) : null,
      addressHint: checked?.hint ?? null,
      hasCredentials: checked?.hasCredentials ?? false,
    };
  }

  #purgeBefore(): Date {
    return new Date(this.#now().getTime() - undoWindowMs);
  }
}

function subjectOf(row: Pick<store.CameraRow, 'ownerId' | 'visibility'>) {
  return { ownerId: row.ownerId, visibility: visibility.parse(row.visibility) };
}

function textsOf(input: CameraInput) {
  return {
    nameJa: input.nameJa ?? null,
    place: input.place ?? null,
    placeJa: input.placeJa ?? null,
    licence: input.licence ?? null,
    attribution: input.attribution ?? null,
    attributionUrl: input.attributionUrl ?? null,
  };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the fields that are left out. */
function defined<T extends object>(value: T): Defined<T> {
  // Entries are copied as they are and only undefined ones left away, so the shape holds.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- said above
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Defined<T>;
}
