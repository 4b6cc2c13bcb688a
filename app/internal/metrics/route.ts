import { createHash, timingSafeEqual } from 'node:crypto';

import { readServerEnv } from '#server/platform/env.ts';
import { createProcessMetrics } from '#server/platform/metrics.ts';

const key = Symbol.for('sensorium.webMetrics');
const shared: typeof globalThis & { [key]?: ReturnType<typeof createProcessMetrics> } = globalThis;

const digest = (text: string) => createHash('sha256').update(text).digest();

/** What the pages' process tells of itself, for the gateway, which lets nobody else through to this address. */
export async function GET(request: Request): Promise<Response> {
  const expected = digest(`Bearer ${readServerEnv().INTERNAL_SECRET}`);
  if (!timingSafeEqual(digest(request.headers.get('authorization') ?? ''), expected))
    return new Response(null, { status: 401 });
  // Next loads modules more than once; one registry a process.
  shared[key] ??= createProcessMetrics('web');
  return new Response(await shared[key].metrics(), { headers: { 'content-type': shared[key].contentType } });
}
