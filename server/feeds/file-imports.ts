import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';

import type { importFile, ImportFormat, ImportPreview } from '#server/contracts/feeds.ts';
import type { Actor } from '#server/contracts/identity.ts';
import type { IdentityService } from '#server/identity/service.ts';
import { AppError } from '#server/platform/app-error.ts';
import { noteChange } from '#server/platform/change-note.ts';
import type { Events } from '#server/platform/events.ts';
import type { Sealer } from '#server/platform/sealed.ts';
import type { Database } from '#server/platform/transaction.ts';
import type { SourcesService } from '#server/sources/service.ts';

import { readCsv } from './files/csv.ts';
import { exportOf } from './files/export.ts';
import { readGeojson } from './files/geojson.ts';
import { readM3u } from './files/m3u.ts';
import { chosenMapping } from './files/mapping.ts';
import { readOpml } from './files/opml.ts';
import { FileFault, formatOf, type Table } from './files/table.ts';
import { toCameras } from './files/to-cameras.ts';
import { storedPending } from './pending.ts';
import * as store from './store.ts';

type ImportFile = z.infer<typeof importFile>;

const sampleLength = 20;
const rejectedRowsShown = 200;
const rejectedRowsMax = 20_000;

const readers: Record<ImportFormat, (text: string) => Table> = {
  csv: readCsv,
  geojson: readGeojson,
  m3u: readM3u,
  opml: readOpml,
};

interface Options {
  database: Database;
  events: Events;
  sealer: Sealer;
  identity: Pick<IdentityService, 'authorize'>;
  sources: Pick<SourcesService, 'bulk'>;
}

/** Cameras from a file, and into one. */
export class FileImports {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** What an import would do; nothing is done. */
  preview(actor: Actor, file: ImportFile): ImportPreview {
    this.#options.identity.authorize(actor, 'feed:write');
    const { format, table, mapping, cameras, rejected } = this.#read(file);
    const refused = rejected.slice(0, sampleLength / 2);
    const accepted = cameras.slice(0, sampleLength - refused.length);
    const sample = [
      ...accepted.map(({ row, camera: { origin: _origin, faulty: _faulty, ...camera } }) => ({
        row,
        camera,
        reason: null,
      })),
      ...refused.map(({ row, ...reason }) => ({ row, camera: null, reason })),
    ];
    return {
      format,
      columns: table.columns,
      mapping,
      total: cameras.length + rejected.length,
      sample,
      accepted: cameras.length,
      rejected: rejected.length,
      rejectedRows: rejected.slice(0, rejectedRowsShown),
    };
  }

  /** Queues it; the run tells how it goes. */
  async start(actor: Actor, file: ImportFile): Promise<{ runId: string }> {
    const { database, events, identity, sealer } = this.#options;
    identity.authorize(actor, 'feed:write');
    const { cameras, rejected } = this.#read(file);
    if (cameras.length === 0) {
      const [first] = rejected;
      throw new AppError('BAD_REQUEST', {
        message: first ? `no row can be taken (${first.row}: ${first.code})` : 'the file holds no rows',
        details: { field: 'text', fault: first ? 'NO_ROW_TAKEN' : 'NO_ROWS', about: null },
      });
    }
    const runId = uuidv7();
    const work = { stage: 'apply', cameras: cameras.map(({ camera }) => camera), scopes: [], missing: [] } as const;
    await store.insertRun(database, {
      id: runId,
      source: `file:${file.name}`,
      actorId: actor.type === 'user' ? actor.userId : null,
      total: cameras.length,
      rejected: rejected.length,
      rejectedRows: rejected.slice(0, rejectedRowsMax),
      pending: storedPending({ ...work, scopes: [], missing: [] }, runId, sealer),
    });
    events.publish({ type: 'import.queued', runId });
    const counts = { total: cameras.length, rejected: rejected.length };
    noteChange({ object: { type: 'importRun', id: runId }, after: { source: `file:${file.name}`, ...counts } });
    return { runId };
  }

  /** Every camera of this house that a file can hold: drawn ones have no address, demo ones are in every house. */
  async export(actor: Actor, format: ImportFormat): Promise<{ name: string; mediaType: string; text: string }> {
    const cameras = [];
    for await (const camera of this.#options.sources.bulk.all(actor))
      if (camera.kind !== 'synthetic' && !camera.demo) cameras.push(camera);
    return exportOf(cameras, format);
  }

  #read(file: ImportFile) {
    const format = file.format ?? formatOf(file.name, file.text);
    try {
      const table = readers[format](file.text);
      const mapping = chosenMapping(table.columns, file.mapping);
      const { bulk } = this.#options.sources;
      return { format, table, mapping, ...toCameras(table, mapping, (camera) => bulk.addressFault(camera)) };
    } catch (error) {
      if (!(error instanceof FileFault)) throw error;
      throw new AppError('BAD_REQUEST', {
        message: `the file can not be read as ${format}: ${error.message}`,
        details: { field: 'text', fault: error.code, about: error.about, format },
        cause: error,
      });
    }
  }
}
