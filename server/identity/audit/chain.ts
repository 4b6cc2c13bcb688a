import { createHash } from 'node:crypto';

import { z } from 'zod';

/** Everything of an entry that its hash covers. */
export interface AuditFacts {
  at: Date;
  actorType: string;
  actorId: string | null;
  actorName: string | null;
  viaKind: string | null;
  viaId: string | null;
  ip: string | null;
  userAgent: string | null;
  requestId: string | null;
  action: string;
  objectType: string | null;
  objectId: string | null;
  outcome: string;
  before: Json;
  after: Json;
  details: Json;
}
export type Json = z.infer<typeof json>;

const json = z.json();

/** SHA-256 over the hash before and the entry's facts as JSON with sorted keys. */
export function hashOf(prevHash: Uint8Array, facts: AuditFacts): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify(sorted({ ...facts, at: facts.at.toISOString() }));
  return Uint8Array.from(createHash('sha256').update(prevHash).update(text).digest());
}

/** More than this of one side of a change is told by its length alone. */
const textLengthMax = 20_000;

/** As the database keeps JSON, so that what is hashed is what is read back. */
export function plain(value: unknown): Json {
  if (value === undefined) return null;
  const text = JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'string' ? keepable(inner) : inner));
  return text.length > textLengthMax ? { left: 'too long', length: text.length } : json.parse(JSON.parse(text));
}

/** PostgreSQL keeps neither NUL nor half of a pair. */
export function keepable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
