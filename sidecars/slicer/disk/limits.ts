/** Bounds of one stream's log. */
export interface RecorderLimits {
  /** A blob is ended at the first segment boundary past either. */
  blobMs: number;
  blobBytes: number;
  /** Bytes waiting for the disk; more and recording pauses, so that a slow disk can't take the memory. */
  pendingBytesMax: number;
  /** After an error of the disk, how long until it is tried again. */
  retryMs: number;
  syncMs: number;
}

export const defaultLimits: RecorderLimits = {
  blobMs: 5 * 60_000,
  blobBytes: 256 * 1024 * 1024,
  pendingBytesMax: 16 * 1024 * 1024,
  retryMs: 5000,
  syncMs: 5000,
};
