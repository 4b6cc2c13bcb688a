import { Webhook } from 'standardwebhooks';
import type { Dispatcher } from 'undici';
import { z } from 'zod';

import { Undeliverable } from '#server/platform/outbox.ts';
import { AddressForbidden } from '#server/platform/public-agent.ts';

const withinMs = 10_000;
const answerBytesMax = 1024;

export const webhookMessage = z.object({
  endpointId: z.uuid(),
  type: z.string(),
  timestamp: z.iso.datetime(),
  data: z.record(z.string(), z.unknown()),
});
export type WebhookMessage = z.infer<typeof webhookMessage>;

/** The endpoint wants no more (410): it is turned off. */
export class EndpointGone extends Undeliverable {}

/**
 * One attempt, as Standard Webhooks asks for: `webhook-id` (the same at each attempt), `webhook-timestamp`, and a `webhook-signature` for every
 * secret in force. Redirects are not followed. Resolves with a 2xx, throws otherwise.
 */
export async function deliver(
  { url, secrets, id, message }: { url: string; secrets: readonly string[]; id: string; message: WebhookMessage },
  dispatcher: Dispatcher,
): Promise<{ status: number; durationMs: number; answer: string }> {
  const { request } = await import('undici');
  const body = JSON.stringify({ type: message.type, timestamp: message.timestamp, data: message.data });
  const now = new Date();
  const startedAt = performance.now();
  const answer = await request(url, {
    method: 'POST',
    dispatcher,
    signal: AbortSignal.timeout(withinMs),
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Sensorium webhooks',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(' '),
    },
    body,
  }).catch((error: unknown) => {
    // Another try leads to the same place.
    if (isForbidden(error))
      throw new Undeliverable('the address leads into a network that webhooks may not reach', { cause: error });
    throw error;
  });
  const said = await firstBytes(answer.body);
  const durationMs = Math.round(performance.now() - startedAt);
  if (answer.statusCode === 410) throw new EndpointGone('the endpoint answered 410 Gone');
  if (answer.statusCode < 200 || answer.statusCode > 299)
    throw new Error(`the endpoint answered ${answer.statusCode}: ${said}`);
  return { status: answer.statusCode, durationMs, answer: said };
}

function isForbidden(error: unknown): boolean {
  return (
    error instanceof AddressForbidden ||
    (error instanceof Error && error.cause !== undefined && isForbidden(error.cause))
  );
}

async function firstBytes(body: Dispatcher.ResponseData['body']): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body) {
    const piece: unknown = part;
    if (!(piece instanceof Uint8Array)) continue;
    const chunk = Buffer.from(piece);
    parts.push(chunk);
    bytes += chunk.length;
    if (bytes >= answerBytesMax) break;
  }
  return Buffer.concat(parts)
    .subarray(0, answerBytesMax)
    .toString('utf8')
    .replaceAll(/[^\P{C}\n]/gu, '');
}
