import Papa from 'papaparse';

import type { AuditRow } from '#server/contracts/access.ts';

/** For spreadsheets: what could be read as a formula there is quoted, and the mark in front says that it is UTF-8. */
export function auditCsv(rows: readonly AuditRow[]): string {
  const lines = rows.map((row) => ({
    seq: row.seq,
    at: row.at,
    actorType: row.actor.type,
    actorId: row.actor.id,
    actorName: row.actor.name,
    viaKind: row.via?.kind ?? null,
    viaId: row.via?.id ?? null,
    ip: row.ip,
    userAgent: row.userAgent,
    requestId: row.requestId,
    action: row.action,
    outcome: row.outcome,
    objectType: row.object?.type ?? null,
    objectId: row.object?.id ?? null,
    before: jsonOf(row.before),
    after: jsonOf(row.after),
    details: jsonOf(row.details),
  }));
  return `\uFEFF${Papa.unparse(lines, { escapeFormulae: true, newline: '\r\n', columns })}\r\n`;
}

const columns = [
  'seq',
  'at',
  'actorType',
  'actorId',
  'actorName',
  'viaKind',
  'viaId',
  'ip',
  'userAgent',
  'requestId',
  'action',
  'outcome',
  'objectType',
  'objectId',
  'before',
  'after',
  'details',
];

function jsonOf(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}
