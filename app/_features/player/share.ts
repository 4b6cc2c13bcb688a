/** The lasting address of a camera, or of a moment of it. */
export function momentAddress(cameraId: string, wallMs: number | null): string {
  const path = `/cameras/${cameraId}`;
  if (wallMs === null) return path;
  return `${path}?t=${new Date(Math.floor(wallMs / 1000) * 1000).toISOString().replace('.000Z', 'Z')}`;
}

/** RFC 3339 or epoch milliseconds, as the media addresses take it; null where it is neither. */
export function momentOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const ms = /^\d{12,14}$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isFinite(ms) ? ms : null;
}
