import { z } from 'zod';

import { parseWall, wallAddress, wallSizeMax } from '../../_lib/wall-pins.ts';

export const wallNameMax = 60;
/** More would be a list to search, which a menu is not. */
export const savedWallsMax = 20;

const savedWall = z.object({
  name: z.string().trim().min(1).max(wallNameMax),
  ids: z.array(z.uuid()).min(1).max(wallSizeMax),
  savedAtMs: z.number(),
});
export type SavedWall = z.infer<typeof savedWall>;

/** What a browser kept. Another program, another version or a hand may have written it: what is no wall is left out. */
export function readWalls(text: string | null): SavedWall[] {
  if (!text) return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not ours, or cut off: as good as nothing saved.
    return [];
  }
  if (!Array.isArray(value)) return [];
  return value
    .flatMap((entry) => {
      const parsed = savedWall.safeParse(entry);
      return parsed.success ? [{ ...parsed.data, ids: parseWall(wallAddress(parsed.data.ids)) }] : [];
    })
    .slice(0, savedWallsMax);
}

export const writeWalls = (walls: readonly SavedWall[]): string => JSON.stringify(walls);

export type Saving = { type: 'saved' | 'replaced'; walls: SavedWall[] } | { type: 'full' } | { type: 'unnamed' };

/** Saves under a name, over the wall that has it. The newest stands first. */
export function saveWall(
  walls: readonly SavedWall[],
  wanted: { name: string; ids: readonly string[]; nowMs: number },
): Saving {
  const name = wanted.name.trim().slice(0, wallNameMax);
  if (!name || wanted.ids.length === 0) return { type: 'unnamed' };
  const others = walls.filter((wall) => wall.name !== name);
  const isNew = others.length === walls.length;
  if (isNew && walls.length >= savedWallsMax) return { type: 'full' };
  const made = { name, ids: [...wanted.ids].slice(0, wallSizeMax), savedAtMs: wanted.nowMs };
  return { type: isNew ? 'saved' : 'replaced', walls: [made, ...others] };
}

type Renaming = { type: 'renamed'; walls: SavedWall[] } | { type: 'taken' } | { type: 'unnamed' };

/** Gives a wall another name, in its place; over another wall it is not written. */
export function renameWall(walls: readonly SavedWall[], from: string, to: string): Renaming {
  const name = to.trim().slice(0, wallNameMax);
  if (!name) return { type: 'unnamed' };
  if (name !== from && walls.some((wall) => wall.name === name)) return { type: 'taken' };
  return { type: 'renamed', walls: walls.map((wall) => (wall.name === from ? { ...wall, name } : wall)) };
}

export const deleteWall = (walls: readonly SavedWall[], name: string): SavedWall[] =>
  walls.filter((wall) => wall.name !== name);
