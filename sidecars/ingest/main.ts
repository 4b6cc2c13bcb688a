import { mkdir } from 'node:fs/promises';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';

import { z } from 'zod';

import { looksAtOnce } from '#server/contracts/look.ts';
import type { IngestAssignment, ToSidecar } from '#server/contracts/sidecar.ts';
import { createLogger, readEnv, sidecarEnv, startSidecar } from '#sidecars/harness.ts';

import { cellEnv, cellProcess, cidrList } from './cell-process.ts';
import { Cells } from './cells.ts';
import { createDiscovery } from './discovery/discover.ts';
import { createDoctorWard } from './doctor-child.ts';
import { cidrList as allowedRanges } from './guard/reserved-ranges.ts';
import { createLookWard } from './look-ward.ts';
import { readTrustedSources, writeTrustedSources } from './trusted-sources.ts';

/** The ingest process: holds the control link and the assignments, parses no media. Streams go on while the link is down. */

const env = readEnv(
  sidecarEnv.extend({
    /** Streams this node takes at most. */
    CAPACITY: z.coerce.number().int().min(1).max(10_000).default(256),
    /** How long a new, changed or crashed source runs in a cell of its own. */
    SOURCE_PROBATION_SECONDS: z.coerce.number().min(0).max(86_400).default(600),
  }),
);
const childEnv = readEnv(cellEnv);
// A range that is none would end every cell at its start: said once, here, instead.
const allowedCidrs = cidrList.parse(childEnv.ALLOWED_SOURCE_CIDRS);
allowedRanges(allowedCidrs);
const log = createLogger('ingest', env);
const runDir = join(env.DATA_DIR, 'run');
const trustedPath = join(runDir, 'trusted-sources.json');
const saveEveryMs = 60_000;

function writeLine(text: string): void {
  process.stdout.write(`${text}\n`);
}

const cells = new Cells({
  createCell: ({ name, sources }) => cellProcess({ name, sources, env: childEnv }),
  report: (report) => sidecar.send(report),
  writeLine,
  log,
  probation: {
    probationMs: env.SOURCE_PROBATION_SECONDS * 1000,
    secret: env.INTERNAL_SECRET,
    trusted: await readTrustedSources(trustedPath),
  },
});
const ward = createDoctorWard({
  createChild: () => cellProcess({ name: 'doctor', sources: 1, env: childEnv }),
  writeLine,
});
const looks = createLookWard({
  createChild: () => cellProcess({ name: 'look', sources: looksAtOnce, env: childEnv, entry: 'look' }),
  writeLine,
});
const discovery = createDiscovery({ allowedCidrs });
let isDraining = false;

function readStreams(streams: IngestAssignment[], isFull: boolean): void {
  if (isFull) {
    const named = new Set(streams.map((stream) => stream.streamId));
    for (const streamId of cells.streamIds) if (!named.has(streamId)) void cells.release(streamId, 'outage');
  }
  for (const stream of streams) cells.assign(stream);
}

function onMessage(message: ToSidecar): void {
  switch (message.type) {
    case 'ingest':
      if (!isDraining) readStreams(message.streams, message.full);
      return;
    case 'release':
      for (const streamId of message.streamIds) void cells.release(streamId, 'end');
      return;
    case 'diagnose':
      void ward
        .examine(message.input)
        .then((report) => sidecar.send({ type: 'diagnosed', requestId: message.requestId, report }));
      return;
    case 'discover':
      void discovery
        .answer(message.question)
        .then((answer) => sidecar.send({ type: 'discovered', requestId: message.requestId, answer }));
      return;
    case 'look': {
      const { requestId, streamId } = message;
      void looks.look(message.source).then((report) => sidecar.send({ type: 'looked', requestId, streamId, report }));
      return;
    }
    case 'drain':
      isDraining = true;
      for (const streamId of cells.streamIds) void cells.release(streamId, 'outage');
      return;
    case 'slice':
    case 'sourceState':
      return; // The slicer's.
  }
}

async function saveTrusted(): Promise<void> {
  try {
    await mkdir(runDir, { recursive: true });
    await writeTrustedSources(trustedPath, cells.trusted);
  } catch (error) {
    log.warn({ action: 'trusted.unsaved', error: String(error) }, 'after a restart each source runs alone for a while');
  }
}
const saving = setInterval(() => void saveTrusted(), saveEveryMs);

async function stop(): Promise<void> {
  clearInterval(saving);
  await saveTrusted();
  await Promise.all([cells.close(), looks.close(), discovery.close()]);
}

const sidecar = startSidecar({
  role: 'ingest',
  env,
  log,
  url: null,
  capacity: env.CAPACITY,
  onMessage,
  onConnected: () => {
    for (const report of cells.reports) sidecar.send(report);
  },
  health: () => ({ ready: !isDraining, stuck: cells.stuck, counters: cells.counters }),
  stop,
});
// Left to the exit, a process that is killed would leave nothing for the next.
flushCompileCache();
