import { isUuid } from './uuid.ts';

/** A wall is the ids of its cameras, in order. */
export const wallSizeMax = 9;

/** The cameras that an address names (`?wall=id,id,…`): what is none, is twice or is beyond nine is left out. */
export function parseWall(text: string | null | undefined): string[] {
  const named = (text ?? '')
    .slice(0, 2000)
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => isUuid(part));
  return [...new Set(named)].slice(0, wallSizeMax);
}

/** The value of `wall` in an address; empty for an empty wall. */
export const wallAddress = (ids: readonly string[]): string => ids.slice(0, wallSizeMax).join(',');

export type Pinned = { type: 'pinned'; ids: string[] } | { type: 'already' } | { type: 'full' };

/** Adds a camera at the end, or where it stood before. */
export function pin(ids: readonly string[], cameraId: string, index: number = ids.length): Pinned {
  if (ids.includes(cameraId)) return { type: 'already' };
  if (ids.length >= wallSizeMax) return { type: 'full' };
  return { type: 'pinned', ids: ids.toSpliced(Math.min(index, ids.length), 0, cameraId) };
}

export const unpin = (ids: readonly string[], cameraId: string): string[] => ids.filter((one) => one !== cameraId);

/** Takes the place of another; those between make room. */
export function move(ids: readonly string[], cameraId: string, toIndex: number): string[] {
  const from = ids.indexOf(cameraId);
  if (from < 0) return [...ids];
  const to = Math.min(ids.length - 1, Math.max(0, toIndex));
  return ids.toSpliced(from, 1).toSpliced(to, 0, cameraId);
}
