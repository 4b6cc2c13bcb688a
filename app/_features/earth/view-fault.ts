/** States older than this are said to be old. */
const oldAfterMs = 8000;

/**
 * What is to be said about states that do not come: nothing, how old those on the screen are, or that none are known. Asked for again, a question
 * forgets that it failed until it fails anew; when it last did, it does not forget.
 */
export function viewFault({
  failedMs,
  receivedMs,
  nowMs,
}: {
  /** 0 for never, as the other. */
  failedMs: number;
  receivedMs: number;
  nowMs: number;
}): 'old' | 'unknown' | null {
  if (failedMs <= receivedMs) return null;
  if (receivedMs === 0) return 'unknown';
  return nowMs - receivedMs > oldAfterMs ? 'old' : null;
}
