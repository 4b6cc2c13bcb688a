import { z } from 'zod';

import { pageInput } from './page.ts';

export const outboxState = z.enum(['pending', 'sent', 'kept', 'dead']);

export const outboxQuery = pageInput.extend({
  kind: z.enum(['mail', 'webhook']),
  state: outboxState.optional(),
  endpointId: z.uuid().optional(),
});

export const outboxRow = z.object({
  id: z.uuid(),
  kind: z.string(),
  /** mail: { to, subject }; webhook: { event, endpointId, url }. */
  summary: z.record(z.string(), z.string()),
  state: outboxState,
  attempts: z.int(),
  nextAt: z.iso.datetime().nullable(),
  lastError: z.string().nullable(),
  result: z.record(z.string(), z.unknown()).nullable(),
  createdAt: z.iso.datetime(),
  sentAt: z.iso.datetime().nullable(),
});
export type OutboxRow = z.infer<typeof outboxRow>;

/** A kept mail in full, for the admin who hands it over. */
export const mailContent = z.object({ to: z.string(), subject: z.string(), text: z.string() });

/** Types of events that webhooks are told. */
export const webhookEvent = z.enum([
  'camera.added',
  'camera.changed',
  'camera.deleted',
  'stream.state',
  'import.finished',
  'user.created',
  'user.locked',
  'system.notice',
  'ping',
]);
export type WebhookEvent = z.infer<typeof webhookEvent>;

export const webhookInput = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(2000),
  description: z.string().max(200).default(''),
  /** Empty: all. */
  events: z.array(webhookEvent).max(50).default([]),
  enabled: z.boolean().default(true),
});

export const webhookView = z.object({
  id: z.uuid(),
  url: z.string(),
  description: z.string(),
  events: z.array(z.string()),
  enabled: z.boolean(),
  /** A second secret signs as well until then. */
  previousUntil: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  /** Of the last day. */
  sent: z.int(),
  failed: z.int(),
});
/** Shown once, `whsec_…`. */
export const webhookMade = z.object({ webhook: webhookView, secret: z.string() });
