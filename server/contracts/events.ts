import { z } from 'zod';

import { cameraState } from './camera.ts';
import { cameraId, streamId, userId } from './ids.ts';

/**
 * What happens in the house, carried by the event bus (in process, and between processes by LISTEN/NOTIFY). Events carry ids and facts that do
 * not go stale; receivers fetch the rest.
 */
export const houseEvent = z.discriminatedUnion('type', [
  /** sources: a camera was added, changed or deleted. */
  z.object({ type: z.literal('camera.changed'), cameraId, streamId, change: z.enum(['added', 'changed', 'deleted']) }),
  /** sources: many cameras were added, changed, withheld or shown again at once; told once for all of them. */
  z.object({ type: z.literal('cameras.imported'), source: z.string(), count: z.int() }),
  /** feeds: a feed or a file waits to be read. */
  z.object({ type: z.literal('import.queued'), runId: z.uuid() }),
  /** streams: the measured state changed. */
  z.object({ type: z.literal('stream.state'), streamId, state: cameraState, reason: z.string().nullable() }),
  /** identity: a session was revoked; doors forget it at once. */
  z.object({ type: z.literal('session.revoked'), sessionId: z.uuid(), userId }),
  /** identity: an API key or a family of tokens was revoked. */
  z.object({ type: z.literal('credential.revoked'), kind: z.enum(['key', 'token']), id: z.uuid(), userId }),
  /** identity: what somebody may, who they are or whether they are locked has changed; what was remembered of them is forgotten. */
  z.object({ type: z.literal('user.changed'), userId }),
  /** identity: somebody made an account. */
  z.object({ type: z.literal('user.created'), userId }),
  /** identity: an admin locked somebody out. */
  z.object({ type: z.literal('user.locked'), userId }),
  /** identity: a role's permissions changed; what was remembered of everybody is forgotten. */
  z.object({ type: z.literal('roles.changed') }),
  /** identity: choices of the operator about people and doors changed; what was remembered of them is read again. */
  z.object({ type: z.literal('settings.changed') }),
  /** identity: what concerns these people has a new entry, or was read. */
  z.object({ type: z.literal('activity.changed'), userIds: z.array(userId).max(100) }),
  /** system: something an operator should know began or ended. */
  z.object({ type: z.literal('system.notice'), code: z.string(), active: z.boolean(), message: z.string() }),
]);
export type HouseEvent = z.infer<typeof houseEvent>;
export type HouseEventType = HouseEvent['type'];
