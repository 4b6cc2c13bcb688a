import { describe, expect, it } from 'vitest';

import { isCovered } from './covered-names.ts';

const search = { x: 24, y: 16, width: 400, height: 40 };
const name = { halfWidth: 30, halfHeight: 10 };

describe('names on the flat map', () => {
  it('leaves out a name that reaches under a control, and keeps one that stands clear of it', () => {
    expect(isCovered({ ...name, x: 200, y: 30 }, [search])).toBe(true);
    expect(isCovered({ ...name, x: 440, y: 60 }, [search])).toBe(true);
    expect(isCovered({ ...name, x: 460, y: 30 }, [search])).toBe(false);
    expect(isCovered({ ...name, x: 200, y: 70 }, [search])).toBe(false);
    expect(isCovered({ ...name, x: 200, y: 30 }, [])).toBe(false);
  });
});
