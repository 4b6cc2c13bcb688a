import { z } from 'zod';

import { diskHealth, nodeHealth, sidecarRole } from './sidecar.ts';

/** `GET /api/health`: for load balancers and people in a hurry. */
export const health = z.object({
  status: z.enum(['ok', 'degraded', 'down']),
  version: z.string(),
  uptimeSeconds: z.number(),
  /** By part: database, web, ingest, slicer. */
  parts: z.record(z.string(), z.enum(['ok', 'degraded', 'down'])),
});
export type Health = z.infer<typeof health>;

/** A process of the machine, as its supervisor or control link knows it. */
export const processStatus = z.object({
  name: z.string(),
  role: z.union([sidecarRole, z.enum(['gateway', 'web', 'postgres'])]),
  pid: z.int().nullable(),
  alive: z.boolean(),
  ready: z.boolean(),
  /** Why it does not get on with its work; null when it does. */
  stuck: z.string().nullable(),
  health: nodeHealth.nullable(),
  disk: diskHealth.nullable(),
  lastSeenAt: z.iso.datetime().nullable(),
});
export type ProcessStatus = z.infer<typeof processStatus>;

/** What is missing or not as it should be, and what to do; words are chosen from the code. */
export const systemNotice = z.object({
  code: z.enum([
    'OWNER_MISSING',
    'INGEST_MISSING',
    'SLICER_MISSING',
    'WEB_MISSING',
    'DATABASE_DOWN',
    'DISK_EVICTING',
    'DISK_PAUSED',
    'TLS_MISSING',
    'LIVEKIT_MISSING',
    'LOCAL_SOURCES_FORBIDDEN',
    'SOURCES_FAILING',
    'FEEDS_STALE',
    'REMOVALS_OPEN',
    'REDIS_AWAY',
    'MAIL_DEAD',
  ]),
  severity: z.enum(['info', 'warning', 'error']),
  details: z.record(z.string(), z.unknown()),
});
export type SystemNotice = z.infer<typeof systemNotice>;

export const systemStatus = z.object({
  version: z.string(),
  startedAt: z.iso.datetime(),
  node: z.string(),
  processes: z.array(processStatus),
  streams: z.object({
    total: z.int(),
    byState: z.record(z.string(), z.int()),
    writing: z.int(),
    viewers: z.int(),
    bitrate: z.number(),
  }),
  storage: z.object({ recordedBytes: z.number(), disks: z.array(diskHealth) }),
  notices: z.array(systemNotice),
});
export type SystemStatus = z.infer<typeof systemStatus>;
