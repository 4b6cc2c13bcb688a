import { v7 as uuidv7 } from 'uuid';

import {
  cameraKind,
  sourceOptions,
  type CameraDetail,
  type CameraForOwner,
  type CameraInput,
  type CameraPage,
  type CameraPatch,
  type CameraQuery,
} from '#server/contracts/camera.ts';
import type { DoctorInput } from '#server/contracts/doctor.ts';
import type { Actor } from '#server/contracts/identity.ts';
import { cameraId, streamId, type CameraId, type StreamId } from '#server/contracts/ids.ts';
import type { PictureRegion } from '#server/contracts/picture-region.ts';
import type { IdentityService, Subject } from '#server/identity/service.ts';
import { AppError } from '#server/platform/app-error.ts';
import { noteChange } from '#server/platform/change-note.ts';
import type { Events } from '#server/platform/events.ts';
import type { Logger } from '#server/platform/log.ts';
import type { Sealer } from '#server/platform/sealed.ts';
import { readSetting, writeSetting } from '#server/platform/settings.ts';
import { inTransaction, type Database } from '#server/platform/transaction.ts';

import { checkAddress } from './address.ts';
import { BulkImports } from './bulk-imports.ts';
import { countryAt, defaultIngest, defaultRecordPolicy, defaultView, timeZoneAt } from './camera-defaults.ts';
import { cameraNames, listCameras, visibleAmong, visibleStreams } from './camera-lists.ts';
import { noteCamera } from './camera-note.ts';
import { defined, textsOf } from './camera-values.ts';
import { toCameraForOwner, toCameraView } from './camera-view.ts';
import { cameraSubject, findCamera } from './find-camera.ts';
import { MapRows } from './map-rows.ts';
import * as store from './store.ts';
import { idsOf, openAddress, StreamSourceReader, type StreamSource } from './stream-source.ts';
import { release, withhold } from './withholding.ts';

export { batchLengthMax } from './bulk.ts';
export { cameraSubject } from './find-camera.ts';
export type { MapRow } from './map-rows.ts';
export type { StreamSource } from './stream-source.ts';

/** How long a deletion can be undone. */
export const undoWindowMs = 30_000;

export interface SourcesOptions {
  database: Database;
  events: Events;
  sealer: Sealer;
  identity: Pick<IdentityService, 'isAllowed' | 'reachOf' | 'authorize'>;
  log: Logger;
  now?: () => Date;
}

/** The rules of cameras: who sees, adds, changes and deletes them. */
export class SourcesService {
  readonly #options: SourcesOptions;
  readonly #now: () => Date;
  readonly #reader: StreamSourceReader;
  /** Whole lists of cameras at once. */
  readonly bulk: BulkImports;
  /** All cameras at once, for the globe. */
  readonly map: MapRows;

  constructor(options: SourcesOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
    this.#reader = new StreamSourceReader(options);
    this.bulk = new BulkImports({ ...options, now: this.#now });
    this.map = new MapRows(options);
  }

  list(actor: Actor, query: CameraQuery): Promise<CameraPage> {
    return listCameras(this.#options, actor, query);
  }

  async get(actor: Actor, id: string): Promise<CameraDetail> {
    const row = await findCamera(this.#options, actor, id);
    const editable = this.#options.identity.isAllowed(actor, 'camera:write', cameraSubject(row));
    return editable ? { ...toCameraForOwner(row), editable } : { ...toCameraView(row), editable };
  }

  async create(actor: Actor, input: CameraInput): Promise<CameraForOwner> {
    const { identity, database, events } = this.#options;
    identity.authorize(actor, 'camera:write');
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
      country: countryAt(input.latitude, input.longitude),
      initialView: input.initialView ?? defaultView(bearing),
      kind: input.kind,
      options: input.options ?? {},
      ingest: input.ingest ?? defaultIngest(input.kind),
      visibility: input.visibility ?? 'public',
      recordPolicy: input.recordPolicy ?? defaultRecordPolicy,
      ladder: input.ladder ?? 'onDemand',
      masks: input.masks ?? [],
      ownerId: actor.type === 'user' ? actor.userId : null,
      ...this.#sealAddress(id, input.kind, input.address),
    };
    const row = await inTransaction(database, (rows) =>
      store.insertCamera(rows, { ...values, id, streamId: line }, this.#now().getTime()),
    );
    events.publish({ type: 'camera.changed', cameraId: id, streamId: line, change: 'added' });
    noteCamera(id, { after: row });
    return toCameraForOwner(row);
  }

  /** What `patch` leaves out stays. */
  async update(actor: Actor, id: string, patch: CameraPatch): Promise<CameraForOwner> {
    const { identity, database, events } = this.#options;
    const before = await findCamera(this.#options, actor, id);
    identity.authorize(actor, 'camera:write', cameraSubject(before));
    const kind = patch.kind ?? cameraKind.parse(before.kind);
    const reseal = patch.address !== undefined || kind !== before.kind;
    const address = patch.address ?? (kind === 'synthetic' ? undefined : openAddress(this.#options.sealer, before));
    const { address: _address, latitude, longitude, ...rest } = patch;
    const place = { latitude: latitude ?? before.latitude, longitude: longitude ?? before.longitude };
    const row = await store.updateCamera(database, id, {
      ...defined(rest),
      ...place,
      timeZone: timeZoneAt(place.latitude, place.longitude),
      country: countryAt(place.latitude, place.longitude),
      ...(reseal ? this.#sealAddress(id, kind, address) : {}),
    });
    if (!row) throw new AppError('NOT_FOUND', { message: `camera ${id} is gone` });
    events.publish({ type: 'camera.changed', ...idsOf(row), change: 'changed' });
    noteCamera(id, { before, after: row });
    // The hint may be the same where only a password is another.
    if (reseal) noteChange({ details: { address: 'given' } });
    return toCameraForOwner(row);
  }

  /** Hides it at once; it is taken away for good when the time for undoing has passed. */
  async delete(actor: Actor, id: string): Promise<{ id: CameraId; restorableUntil: string }> {
    const { identity, database, events } = this.#options;
    const row = await findCamera(this.#options, actor, id);
    identity.authorize(actor, 'camera:write', cameraSubject(row));
    const at = this.#now();
    noteCamera(id, { before: row });
    if (await store.markDeleted(database, id, at)) {
      events.publish({ type: 'camera.changed', ...idsOf(row), change: 'deleted' });
    }
    return { id: idsOf(row).cameraId, restorableUntil: new Date(at.getTime() + undoWindowMs).toISOString() };
  }

  async restore(actor: Actor, id: string): Promise<CameraForOwner> {
    const { identity, database, events } = this.#options;
    const row = await store.findCamera(database, id);
    const subject = row && cameraSubject(row);
    const mayWrite = subject && identity.isAllowed(actor, 'camera:write', subject);
    if (!subject || !(mayWrite || identity.isAllowed(actor, 'camera:view', subject)))
      throw new AppError('NOT_FOUND', { message: `no camera ${id}` });
    identity.authorize(actor, 'camera:write', subject);
    if (await store.markDeleted(database, id, null)) {
      events.publish({ type: 'camera.changed', ...idsOf(row), change: 'added' });
    }
    noteCamera(id, { before: row, after: { ...row, deletedAt: null } });
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
    const stored = input.cameraId ? await findCamera(this.#options, actor, input.cameraId) : null;
    // Whoever may change a camera may give it any address, and so have any looked at.
    identity.authorize(actor, 'camera:write', stored ? cameraSubject(stored) : undefined);
    const address =
      input.address ?? (stored && input.kind !== 'synthetic' ? openAddress(this.#options.sealer, stored) : undefined);
    const options = input.options ?? (stored ? sourceOptions.parse(stored.options) : undefined);
    const checked = checkAddress(input.kind, address);
    noteChange({
      ...(stored && { object: { type: 'camera', id: stored.id } }),
      details: { kind: input.kind, addressHint: checked?.hint ?? null },
    });
    return { kind: input.kind, ...(checked && { address: checked.address }), ...(options && { options }) };
  }

  /** A camera as identity is asked about it, wherever it stands; null when there is none. */
  async subject(id: string): Promise<Subject | null> {
    const row = await store.findCamera(this.#options.database, id);
    return row && !row.deletedAt ? cameraSubject(row) : null;
  }

  /** The streams of those of the cameras that `actor` may see; of all in their list without `ids`. */
  visibleStreams(actor: Actor, ids: readonly string[] | null): Promise<StreamId[]> {
    return visibleStreams(this.#options, actor, ids);
  }

  /** Those of the streams that `actor` may see; `listed`: in their list. */
  visibleAmong(actor: Actor, streamIds: readonly StreamId[], of: { listed: boolean }): Promise<StreamId[]> {
    return visibleAmong(this.#options, actor, streamIds, of);
  }

  /** What those of the cameras are called that `actor` may see. */
  names(actor: Actor, ids: readonly string[]) {
    return cameraNames(this.#options, actor, ids);
  }

  /** The lines of media that are always read, and these: a house may list many more that nobody reads. In a lasting order. */
  async streamSources(streamIds: readonly StreamId[] = []): Promise<StreamSource[]> {
    const { database } = this.#options;
    const [rows, demoShown] = await Promise.all([store.listSources(database, streamIds), this.demoShown()]);
    return this.#reader.read(rows, demoShown);
  }

  async streamSource(id: StreamId): Promise<StreamSource | null> {
    const { database } = this.#options;
    const [row, demoShown] = await Promise.all([store.findSource(database, id), this.demoShown()]);
    return row && this.#reader.readOne(row, demoShown);
  }

  /** Whether demo cameras are shown to everybody. */
  demoShown(): Promise<boolean> {
    return readSetting(this.#options.database, 'demoCamerasShown');
  }

  async setDemoShown(actor: Actor, shown: boolean): Promise<boolean> {
    const { identity, database, events } = this.#options;
    identity.authorize(actor, 'settings:write');
    const before = await this.demoShown();
    await writeSetting(database, 'demoCamerasShown', shown);
    noteChange({ object: { type: 'setting', id: 'demoCamerasShown' }, before, after: shown });
    events.publish({ type: 'cameras.imported', source: 'demo', count: await store.countDemo(database) });
    return shown;
  }

  /** Shown to nobody but its owner from now on, and not read; a reason that stood before stays underneath. */
  withhold(actor: Actor, id: string, reason: string): Promise<CameraForOwner> {
    return withhold(this.#options, actor, { id, reason, at: this.#now() });
  }

  /** Takes that reason away; shows it again where no other stands. */
  release(actor: Actor, id: string, reason: string): Promise<CameraForOwner> {
    return release(this.#options, actor, { id, reason });
  }

  setMasks(actor: Actor, id: string, masks: PictureRegion[]): Promise<CameraForOwner> {
    return this.update(actor, id, { masks });
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
