import { describe, expect, it } from 'vitest';

import { nameStrength, zoomsOfName } from './country-names.ts';

describe("a country's name", () => {
  it('is not there with the whole planet nor near the ground, whatever the size', () => {
    for (const radius of [0.1, 1, 10]) {
      expect(nameStrength(radius, 1.4)).toBe(0);
      expect(nameStrength(radius, 9)).toBe(0);
    }
  });

  it('comes the later the smaller the country, and the largest goes first', () => {
    const [small, large] = [zoomsOfName(0.5), zoomsOfName(9)];
    expect(small.from).toBeGreaterThan(large.from);
    expect(small.to).toBeGreaterThan(large.to);
    expect(nameStrength(9, 3)).toBe(1);
    expect(nameStrength(0.5, 3)).toBe(0);
  });

  it('fades in both ways', () => {
    const { from, to } = zoomsOfName(2);
    for (const zoom of [from + 0.1, to - 0.1]) {
      expect(nameStrength(2, zoom)).toBeGreaterThan(0);
      expect(nameStrength(2, zoom)).toBeLessThan(1);
    }
  });
});
