import type { HouseEvent } from '#server/contracts/events.ts';
import type { WebhookEvent } from '#server/contracts/outbox.ts';

/** What webhooks are told of an event of the house; null: nothing. Ids and states only: who wants more asks with a key, and sees what it may. */
export function webhookEventOf(event: HouseEvent): { type: WebhookEvent; data: Record<string, unknown> } | null {
  switch (event.type) {
    case 'camera.changed':
      return { type: `camera.${event.change}`, data: { cameraId: event.cameraId, streamId: event.streamId } };
    case 'cameras.imported':
      // Demo cameras shown again and looks forgotten are told by the same event, and are no imports.
      return /^(file|feed):/.test(event.source)
        ? { type: 'import.finished', data: { source: event.source, count: event.count } }
        : null;
    case 'stream.state':
      return { type: event.type, data: { streamId: event.streamId, state: event.state, reason: event.reason } };
    case 'user.created':
    case 'user.locked':
      return { type: event.type, data: { userId: event.userId } };
    case 'system.notice':
      return { type: event.type, data: { code: event.code, active: event.active } };
    case 'activity.changed':
    case 'import.queued':
    case 'session.revoked':
    case 'credential.revoked':
    case 'user.changed':
    case 'roles.changed':
    case 'settings.changed':
      return null;
  }
}
