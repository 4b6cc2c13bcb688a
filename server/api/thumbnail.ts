import type { StreamId } from '#server/contracts/ids.ts';
import type { ServerEnv } from '#server/platform/env.ts';

const withinMs = 2000;
const bytesMax = 2_000_000;

/** Of `atMs`, or the newest. Asked at the gateway's internal door, which says who may see it. Null: none, not in time, or no JPEG. */
export async function readThumbnail(
  { streamId, atMs }: { streamId: StreamId; atMs: number | null },
  { INTERNAL_PORT, INTERNAL_SECRET }: Pick<ServerEnv, 'INTERNAL_PORT' | 'INTERNAL_SECRET'>,
): Promise<Uint8Array | null> {
  try {
    const moment = atMs === null ? '' : `?at=${atMs}`;
    const answer = await fetch(`http://127.0.0.1:${INTERNAL_PORT}/internal/v1/media/${streamId}/thumb.jpg${moment}`, {
      headers: { authorization: `Bearer ${INTERNAL_SECRET}` },
      signal: AbortSignal.timeout(withinMs),
    });
    if (!answer.ok || !answer.headers.get('content-type')?.startsWith('image/jpeg')) {
      await answer.body?.cancel();
      return null;
    }
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return bytes.length <= bytesMax ? bytes : null;
  } catch {
    return null; // A preview is drawn without it.
  }
}
