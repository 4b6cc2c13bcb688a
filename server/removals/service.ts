import { v7 as uuidv7 } from 'uuid';

import type { CameraDetail } from '#server/contracts/camera.ts';
import type { Actor } from '#server/contracts/identity.ts';
import { streamId, type StreamId } from '#server/contracts/ids.ts';
import { pictureRegions, pictureRegionsMax, type PictureRegion } from '#server/contracts/picture-region.ts';
import {
  removalState,
  removalStatus,
  type RemovalDecision,
  type RemovalInput,
  type RemovalPage,
  type RemovalReceipt,
  type RemovalRequest,
  type RemovalStatus,
} from '#server/contracts/removal.ts';
import type { ActivityService } from '#server/identity/activity/service.ts';
import type { IdentityService, Subject } from '#server/identity/service.ts';
import { AppError } from '#server/platform/app-error.ts';
import { noteChange } from '#server/platform/change-note.ts';
import type { Logger } from '#server/platform/log.ts';
import { inTransaction, takeTurn, type Database, type Rows } from '#server/platform/transaction.ts';

import { isReceiptKey, receiptKey } from './receipt-key.ts';
import { mergeRegions, withoutRegions } from './regions.ts';
import { RequestLimit } from './request-limit.ts';
import { requestOf, statusOf } from './request-view.ts';
import * as store from './store.ts';

/** Kept with the camera while a request keeps it from being shown; another reason is somebody else's. */
export const takenDownReason = 'takenDown';
const pageLength = 50;
/** More than any operator reads; beyond it a flood is at work. */
const openMax = 5000;

/** What a decision does to a camera. */
interface Cameras {
  get: (actor: Actor, id: string) => Promise<CameraDetail>;
  setMasks: (actor: Actor, id: string, masks: PictureRegion[]) => Promise<unknown>;
  withhold: (actor: Actor, id: string, reason: string) => Promise<unknown>;
  /** Shows it again where it was withheld for that reason. */
  release: (actor: Actor, id: string, reason: string) => Promise<unknown>;
  subject: (id: string) => Promise<Subject | null>;
}

/** Who may decide of removals has it done to any camera, whether they may change it otherwise or not. */
const decider: Actor = { type: 'system' };

export interface RemovalsOptions {
  database: Database;
  identity: Pick<IdentityService, 'authorize' | 'isAllowed'>;
  activity: Pick<ActivityService, 'tellHolders'>;
  cameras: Cameras;
  /** Has the log of a stream taken off the disks; false while nobody is there who could. */
  eraseLog: (id: StreamId) => boolean | Promise<boolean>;
  log: Logger;
  /** Makes the keys of receipts. */
  secret: string;
  now?: () => Date;
}

/** Requests to take a camera down or to paint over part of its picture: anybody asks, the operator decides. */
export class RemovalsService {
  readonly #options: RemovalsOptions;
  readonly #now: () => Date;
  readonly #limit: RequestLimit;
  readonly #log: Logger;

  constructor(options: RemovalsOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
    this.#limit = new RequestLimit(() => this.#now().getTime());
    this.#log = options.log.child({ component: 'removals' });
  }

  /** Keeps the request and gives its reference. Asked of a camera that `actor` may see. */
  async request(actor: Actor, input: RemovalInput, from: { ip: string | null }): Promise<RemovalReceipt> {
    const { database, cameras } = this.#options;
    const camera = await cameras.get(actor, input.cameraId);
    const id = uuidv7();
    const receipt = { id, key: receiptKey(id, this.#options.secret) };
    // A machine that fills in every field is thanked like anybody, and nothing is kept.
    if (input.website) return receipt;
    const waitMs = this.#limit.take(from.ip ?? 'unknown');
    if (waitMs > 0) throw tooMany('as many requests as one address may send in an hour', waitMs);
    await inTransaction(database, async (rows) => {
      await takeTurn(rows, 'removal requests');
      if ((await openOnes(rows)) >= openMax) throw tooMany('as many requests are open as can be kept', 3_600_000);
      await store.insertRequest(rows, {
        id,
        cameraId: camera.id,
        kind: input.kind,
        name: input.name,
        email: input.email,
        reason: input.reason,
        regions: input.kind === 'mask' ? input.regions : [],
        createdAt: this.#now(),
      });
      await this.#options.activity.tellHolders(rows, 'removal:decide', {
        kind: 'removal.requested',
        data: { name: camera.name },
        href: '/removals',
      });
    });
    this.#log.info({ action: 'removal.requested', removalId: id, cameraId: camera.id, kind: input.kind }, 'requested');
    noteChange({ object: { type: 'removal', id }, after: { cameraId: camera.id, kind: input.kind } });
    return receipt;
  }

  /** How it stands, for whoever holds the key; null without it, as where there is no such request. */
  async status(id: string, key: string): Promise<RemovalStatus | null> {
    const row = isReceiptKey(key, id, this.#options.secret)
      ? await store.findRequest(this.#options.database, id)
      : null;
    return row && removalStatus.parse(statusOf(row));
  }

  /** How many wait for an answer. */
  async openCount(): Promise<number> {
    return openOnes(this.#options.database);
  }

  async list(
    actor: Actor,
    query: { which: 'open' | 'decided'; after?: string | null | undefined; limit?: number | undefined },
  ): Promise<RemovalPage> {
    const { database, identity } = this.#options;
    identity.authorize(actor, 'removal:decide');
    const limit = query.limit ?? pageLength;
    const [rows, counts] = await Promise.all([
      store.listRequests(database, query.which, { after: query.after ?? null, limit: limit + 1 }),
      store.countByState(database),
    ]);
    const items = rows.slice(0, limit).map(requestOf);
    const count = (state: string) => counts.get(state) ?? 0;
    return {
      items,
      nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null,
      totals: { open: count('open'), accepted: count('accepted'), refused: count('refused') },
    };
  }

  /** Does what was asked, or refuses it. Doing comes first: if it fails, the request is still open and can be decided again. */
  async decide(actor: Actor, decision: RemovalDecision): Promise<RemovalRequest> {
    const row = await this.#find(actor, decision.id);
    if (row.state !== 'open') throw decidedAlready(row);
    if (decision.verdict === 'accepted') await this.#grant(row);
    await this.#move(row, {
      from: 'open',
      to: decision.verdict,
      note: decision.note,
      decidedAt: this.#now(),
      decidedBy: actor.type === 'user' ? actor.userId : null,
    });
    this.#note(row, { state: decision.verdict, note: decision.note });
    return this.#read(row.id);
  }

  /** Takes a decision back: what it did to the camera is undone as far as no other accepted request asks for it. */
  async reopen(actor: Actor, id: string): Promise<RemovalRequest> {
    const row = await this.#find(actor, id);
    const state = removalState.parse(row.state);
    if (state === 'open') throw new AppError('CONFLICT', { message: `removal request ${id} is open` });
    if (state === 'accepted') await this.#withdraw(row);
    await this.#move(row, { from: state, to: 'open', note: null, decidedAt: null, decidedBy: null });
    this.#note(row, { state: 'open', note: null });
    return this.#read(id);
  }

  /** Erases what was recorded of a camera that was taken down. `name`: typed by the operator, for it can't be undone. */
  async eraseRecordings(actor: Actor, { id, name }: { id: string; name: string }): Promise<{ erased: true }> {
    const row = await store.findRequest(this.#options.database, id);
    await this.#authorizeErasing(actor, row?.cameraId ?? null, `no removal request ${id}`);
    if (row?.kind !== 'takeDown' || row.state !== 'accepted') {
      throw new AppError('CONFLICT', { message: `removal request ${id} took nothing down` });
    }
    await this.#erase(row.camera, name);
    return { erased: true };
  }

  /** Erases what was recorded so far of a camera, such as what a mask came too late for. */
  async eraseCamera(actor: Actor, { id, name }: { id: string; name: string }): Promise<{ erased: true }> {
    await this.#authorizeErasing(actor, id, `no camera ${id}`);
    await this.#erase(await this.#options.cameras.get(decider, id), name);
    return { erased: true };
  }

  /** Who may not even see the camera is told the same as if it were not there. */
  async #authorizeErasing(actor: Actor, id: string | null, missing: string): Promise<void> {
    const { identity, cameras } = this.#options;
    const subject = id === null ? null : await cameras.subject(id);
    if (subject && identity.isAllowed(actor, 'recording:erase', subject)) return;
    if (subject && identity.isAllowed(actor, 'camera:view', subject))
      identity.authorize(actor, 'recording:erase', subject);
    throw new AppError('NOT_FOUND', { message: missing });
  }

  async #erase(
    camera: Pick<store.RemovalRow['camera'], 'id' | 'streamId' | 'name' | 'nameJa'>,
    typed: string,
  ): Promise<void> {
    if (typed.trim() !== camera.name && typed.trim() !== camera.nameJa) {
      throw new AppError('BAD_REQUEST', { message: 'the name is not the camera’s', details: { field: 'name' } });
    }
    if (!(await this.#options.eraseLog(streamId.parse(camera.streamId)))) {
      throw new AppError('UNAVAILABLE', { message: 'no slicer is linked that could erase the recordings' });
    }
    this.#log.info({ action: 'removal.erased', cameraId: camera.id }, 'recordings erased');
    noteChange({ object: { type: 'camera', id: camera.id }, details: { erased: 'recordings', name: camera.name } });
  }

  async #grant(row: store.RemovalRow): Promise<void> {
    const { cameras } = this.#options;
    if (row.kind === 'takeDown') {
      await cameras.withhold(decider, row.cameraId, takenDownReason);
      return;
    }
    const masks = mergeRegions(await this.#masksOf(row.cameraId), regionsOf(row));
    if (masks.length > pictureRegionsMax) {
      throw new AppError('CONFLICT', {
        message: `camera ${row.cameraId} has ${pictureRegionsMax} masks at most: join some of them first`,
        details: { field: 'regions', max: pictureRegionsMax },
      });
    }
    await cameras.setMasks(decider, row.cameraId, masks);
  }

  async #withdraw(row: store.RemovalRow): Promise<void> {
    const { cameras, database } = this.#options;
    const others = await store.listOtherAccepted(database, row);
    if (row.kind === 'takeDown') {
      if (others.some(({ kind }) => kind === 'takeDown')) return;
      await cameras.release(decider, row.cameraId, takenDownReason);
      return;
    }
    const wanted = others.flatMap((other) => pictureRegions.parse(other.regions));
    const masks = await this.#masksOf(row.cameraId);
    await cameras.setMasks(decider, row.cameraId, withoutRegions(masks, regionsOf(row), wanted));
  }

  async #masksOf(id: string): Promise<PictureRegion[]> {
    const camera = await this.#options.cameras.get(decider, id);
    return camera.editable ? camera.masks : [];
  }

  #note(row: store.RemovalRow, after: { state: string; note: string | null }): void {
    const { cameraId, kind, state, note } = row;
    noteChange({
      object: { type: 'removal', id: row.id },
      before: { state, note },
      after,
      details: { cameraId, kind },
    });
  }

  async #move(row: store.RemovalRow, change: Parameters<typeof store.changeState>[2]): Promise<void> {
    if (!(await store.changeState(this.#options.database, row.id, change))) throw decidedAlready(row);
    this.#log.info({ action: `removal.${change.to}`, removalId: row.id, cameraId: row.cameraId }, 'decided');
  }

  async #find(actor: Actor, id: string): Promise<store.RemovalRow> {
    this.#options.identity.authorize(actor, 'removal:decide');
    const row = await store.findRequest(this.#options.database, id);
    if (!row) throw new AppError('NOT_FOUND', { message: `no removal request ${id}` });
    return row;
  }

  async #read(id: string): Promise<RemovalRequest> {
    const row = await store.findRequest(this.#options.database, id);
    if (!row) throw new AppError('NOT_FOUND', { message: `no removal request ${id}` });
    return requestOf(row);
  }
}

const regionsOf = (row: store.RemovalRow): PictureRegion[] => pictureRegions.parse(row.regions);

function decidedAlready(row: store.RemovalRow): AppError {
  return new AppError('CONFLICT', { message: `removal request ${row.id} is decided: ${row.state}` });
}

function tooMany(message: string, waitMs: number): AppError {
  return new AppError('TOO_MANY_REQUESTS', { message, details: { retryAfterSeconds: Math.ceil(waitMs / 1000) } });
}

async function openOnes(rows: Rows): Promise<number> {
  return (await store.countByState(rows)).get('open') ?? 0;
}
