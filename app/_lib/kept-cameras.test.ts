import { describe, expect, it } from 'vitest';

import { readKept, withFavourite, withRecent } from './kept-cameras.ts';

const id = (index: number) => `0190a000-0000-7000-8000-0000000000${10 + index}`;
const none = { recent: [], favourites: [] };

describe('cameras that a browser keeps', () => {
  it('has the one looked at last in front, each once, and at most twelve', () => {
    let kept = readKept(null);
    for (let index = 0; index < 20; index += 1) kept = withRecent(kept, id(index));
    kept = withRecent(kept, id(15));
    expect(kept.recent).toHaveLength(12);
    expect(kept.recent.slice(0, 3)).toEqual([id(15), id(19), id(18)]);
    expect(kept.recent.filter((one) => one === id(15))).toHaveLength(1);
  });

  it('stars a camera and takes the star back', () => {
    const starred = withFavourite(none, id(1));
    expect(starred.favourites).toEqual([id(1)]);
    expect(withFavourite(starred, id(1)).favourites).toEqual([]);
  });

  it('comes back from what was stored, and is empty where that is broken', () => {
    const kept = { recent: [id(1)], favourites: [id(2)] };
    expect(readKept(JSON.stringify(kept))).toEqual(kept);
    expect(readKept('{"recent":[')).toEqual(none);
    expect(readKept('{"recent":["<b>"],"favourites":[]}')).toEqual(none);
  });
});
