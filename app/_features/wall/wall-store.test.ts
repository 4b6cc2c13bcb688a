import { describe, expect, it } from 'vitest';

import {
  deleteWall,
  readWalls,
  renameWall,
  savedWallsMax,
  saveWall,
  writeWalls,
  type SavedWall,
} from './wall-store.ts';

const camera = (index: number) => `01a204a3-72f5-7733-8a08-${String(index).padStart(12, '0')}`;
const ids = [camera(1), camera(2)];

describe('saved walls', () => {
  it('come back as they were saved, the newest first', () => {
    const first = saveWall([], { name: ' Ports ', ids, nowMs: 1 });
    if (first.type !== 'saved') throw new Error(first.type);
    const second = saveWall(first.walls, { name: 'Streets', ids: [camera(3)], nowMs: 2 });
    if (second.type !== 'saved') throw new Error(second.type);
    expect(readWalls(writeWalls(second.walls))).toEqual([
      { name: 'Streets', ids: [camera(3)], savedAtMs: 2 },
      { name: 'Ports', ids, savedAtMs: 1 },
    ]);
  });

  it('are overwritten by their name, also where the list is full', () => {
    const walls: SavedWall[] = Array.from({ length: savedWallsMax }, (_, index) => ({
      name: `Wall ${index}`,
      ids,
      savedAtMs: index,
    }));
    expect(saveWall(walls, { name: 'One more', ids, nowMs: 99 })).toEqual({ type: 'full' });
    const over = saveWall(walls, { name: 'Wall 7', ids: [camera(9)], nowMs: 99 });
    expect(over.type).toBe('replaced');
    expect('walls' in over ? over.walls : []).toHaveLength(savedWallsMax);
    expect('walls' in over ? over.walls[0]?.ids : []).toEqual([camera(9)]);
  });

  it('have a name and a camera', () => {
    expect(saveWall([], { name: '   ', ids, nowMs: 1 })).toEqual({ type: 'unnamed' });
    expect(saveWall([], { name: 'Nothing', ids: [], nowMs: 1 })).toEqual({ type: 'unnamed' });
  });

  it('are renamed in their place, over no other', () => {
    const walls = [
      { name: 'Ports', ids, savedAtMs: 2 },
      { name: 'Roads', ids, savedAtMs: 1 },
    ];
    expect(renameWall(walls, 'Ports', ' Harbours ')).toEqual({
      type: 'renamed',
      walls: [{ name: 'Harbours', ids, savedAtMs: 2 }, walls[1]],
    });
    expect(renameWall(walls, 'Ports', 'Roads')).toEqual({ type: 'taken' });
    expect(renameWall(walls, 'Ports', 'Ports')).toEqual({ type: 'renamed', walls });
    expect(renameWall(walls, 'Ports', '  ')).toEqual({ type: 'unnamed' });
  });

  it('are deleted by name', () => {
    expect(deleteWall([{ name: 'Ports', ids, savedAtMs: 1 }], 'Ports')).toEqual([]);
  });

  it.each([
    ['nothing', null],
    ['cut off', '[{"name":"Po'],
    ['another shape', '{"walls":1}'],
    ['a foreign entry', '[{"name":1},null,"x"]'],
    ['no camera ids', '[{"name":"a","ids":["javascript:alert(1)"],"savedAtMs":1}]'],
  ])('are none where the browser kept %s', (_what, text) => {
    expect(readWalls(text)).toEqual([]);
  });
});
