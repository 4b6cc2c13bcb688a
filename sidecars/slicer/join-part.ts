import type { LivePart } from './live-segment.ts';
import type { Cut } from './segmenter.ts';

/** One buffer for all chunks; they become views of it, so that nothing of the socket's read buffers stays alive. */
export function joinPart(cut: Omit<Extract<Cut, { type: 'part' }>, 'type'>): LivePart {
  const { part, duration, independent, chunks } = cut;
  const data = Buffer.concat(chunks.map((chunk) => chunk.data));
  let offset = 0;
  for (const chunk of chunks) {
    const end = offset + chunk.data.length;
    chunk.data = data.subarray(offset, end);
    offset = end;
  }
  return { part, duration, independent, chunks, data, bytes: data.length };
}
