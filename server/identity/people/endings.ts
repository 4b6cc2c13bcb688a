import { userId as userIdOf } from '#server/contracts/ids.ts';
import type { Events } from '#server/platform/events.ts';
import type { Rows } from '#server/platform/transaction.ts';

import { revokeSessions } from '../sign-in/store.ts';
import { revokeFamilies } from '../tokens/store.ts';

interface Ended {
  sessions: string[];
  families: string[];
  keys?: string[];
}

/** Signs a person out of everything that a password opened, but for one session. */
export async function endSignIns(
  rows: Rows,
  { userId, keep, at, reason }: { userId: string; keep: string | null; at: Date; reason: string },
): Promise<Ended> {
  const sessions = await revokeSessions(rows, { userId, ...(keep !== null && { notId: keep }) }, at);
  const families = await revokeFamilies(rows, { userId }, { revokedAt: at, revokedReason: reason });
  return { sessions, families };
}

/** After the commit: every door forgets at once. */
export function tellEnded(events: Events, userId: string, { sessions, families, keys = [] }: Ended): void {
  const id = userIdOf.parse(userId);
  for (const sessionId of sessions) events.publish({ type: 'session.revoked', sessionId, userId: id });
  for (const family of families) events.publish({ type: 'credential.revoked', kind: 'token', id: family, userId: id });
  for (const key of keys) events.publish({ type: 'credential.revoked', kind: 'key', id: key, userId: id });
  events.publish({ type: 'user.changed', userId: id });
}
