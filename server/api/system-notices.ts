import type { DiskHealth } from '#server/contracts/sidecar.ts';
import type { Health, SystemNotice } from '#server/contracts/system-status.ts';

/** What browsers do over TLS or on localhost alone (Secure Contexts); each has its words on the status page. */
const ofSecureContexts = ['camera', 'microphone', 'push', 'passkeys', 'webTransport'] as const;

interface Facts {
  parts: Health['parts'];
  disks: readonly DiskHealth[];
  /** Cameras that cannot be read and that somebody here has to see to. */
  failing: number;
  ownerMissing: boolean;
  /** Nobody reaches the pages without TLS but from this machine. */
  tls: boolean;
  localSources: boolean;
  /** Names of feeds of which nothing good was read for three intervals. */
  staleFeeds: readonly string[];
  /** Requests for removal that wait for an answer. */
  openRemovals: number;
  /** Mails of the last day that were given up. */
  deadMail: number;
  /** A Redis was given, and does not answer. */
  redisAway: boolean;
}

/** What is missing or not as it should be, the worst first. */
export function noticesOf({
  parts,
  disks,
  failing,
  ownerMissing,
  tls,
  localSources,
  staleFeeds,
  openRemovals,
  deadMail,
  redisAway,
}: Facts): SystemNotice[] {
  const notices: SystemNotice[] = [];
  const add = (severity: SystemNotice['severity'], code: SystemNotice['code'], details: SystemNotice['details'] = {}) =>
    notices.push({ code, severity, details });
  const down = (part: string) => parts[part] === 'down';
  if (down('database')) add('error', 'DATABASE_DOWN');
  if (down('slicer')) add('error', 'SLICER_MISSING');
  if (down('ingest')) add('error', 'INGEST_MISSING');
  for (const { level, path, freeBytes, totalBytes } of disks) {
    if (level === 'paused') add('error', 'DISK_PAUSED', { path, freeBytes, totalBytes });
  }
  if (down('web')) add('warning', 'WEB_MISSING');
  for (const { level, path, freeBytes, totalBytes } of disks) {
    if (level === 'evicting') add('warning', 'DISK_EVICTING', { path, freeBytes, totalBytes });
  }
  if (deadMail > 0) add('warning', 'MAIL_DEAD', { count: deadMail });
  if (redisAway) add('warning', 'REDIS_AWAY');
  if (failing > 0) add('warning', 'SOURCES_FAILING', { count: failing });
  if (openRemovals > 0) add('warning', 'REMOVALS_OPEN', { count: openRemovals });
  if (staleFeeds.length > 0) add('warning', 'FEEDS_STALE', { feeds: staleFeeds });
  if (ownerMissing) add('info', 'OWNER_MISSING');
  if (!tls) add('info', 'TLS_MISSING', { features: ofSecureContexts });
  if (!localSources) add('info', 'LOCAL_SOURCES_FORBIDDEN');
  return notices;
}
