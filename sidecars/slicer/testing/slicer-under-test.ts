import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import pino from 'pino';
import { v7 as uuidv7 } from 'uuid';

import { slicerAssignment, type FromSidecar, type SlicerAssignment } from '#server/contracts/sidecar.ts';

import { Slicer } from '../slicer.ts';
import { testSecret } from './test-writer.ts';

export interface SlicerUnderTest {
  url: string;
  slicer: Slicer;
  dataDir: string;
  /** What it told the gateway. */
  sent: FromSidecar[];
  close: () => Promise<void>;
}

/** `dataDir`: of an earlier one, to start again where it left off; its folder is then kept until the last is closed. */
export async function startSlicer(
  options: { dataDir?: string; level?: string; transcodesMax?: number } = {},
): Promise<SlicerUnderTest> {
  const dataDir = options.dataDir ?? (await mkdtemp(path.join(tmpdir(), 'slicer-')));
  const sent: FromSidecar[] = [];
  const log = pino({ level: options.level ?? 'silent' });
  const slicer = new Slicer({
    dataDir,
    secret: testSecret,
    host: '127.0.0.1',
    port: 0,
    transcodesMax: options.transcodesMax ?? 1,
    log,
    send: (message) => sent.push(message),
  });
  const url = await slicer.listen();
  return { url, slicer, dataDir, sent, close: () => slicer.close() };
}

export function removeData(dataDir: string): Promise<void> {
  return rm(dataDir, { recursive: true, force: true });
}

export function anAssignment(
  over: Omit<Partial<SlicerAssignment>, 'policy'> & { policy?: Partial<SlicerAssignment['policy']> } = {},
): SlicerAssignment {
  return slicerAssignment.parse({
    streamId: uuidv7(),
    epoch: 1,
    epochMs: Date.now() - 60_000,
    firstMediaSequence: 0,
    ...over,
    policy: {
      visibility: 'public',
      demo: false,
      intervalSeconds: null,
      onDemand: false,
      record: { mode: 'always', maxAgeSeconds: 3600, maxBytes: null },
      ladder: 'onDemand',
      graceMs: null,
      ...over.policy,
    },
  });
}
