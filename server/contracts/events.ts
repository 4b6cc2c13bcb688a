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
  /** streams: the measured state changed. */
  z.object({ type: z.literal('stream.state'), streamId, state: cameraState, reason: z.string().nullable() }),
  /** identity: a session was revoked; doors forget it at once. */
  z.object({ type: z.literal('session.revoked'), sessionId: z.uuid(), userId }),
  /** system: something an operator should know began or ended. */
  z.object({ type: z.literal('system.notice'), code: z.string(), active: z.boolean(), message: z.string() }),
]);
export type HouseEvent = z.infer<typeof houseEvent>;
export type HouseEventType = HouseEvent['type'];
