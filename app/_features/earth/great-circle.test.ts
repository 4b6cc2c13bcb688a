import { describe, expect, it } from 'vitest';

import { bearingTo, distanceMetres, nearestTo, nextInDirection } from './great-circle.ts';

const tokyo = { id: 'tokyo', latitude: 35.68, longitude: 139.77 };
const osaka = { id: 'osaka', latitude: 34.69, longitude: 135.5 };
const sendai = { id: 'sendai', latitude: 38.27, longitude: 140.87 };
const nagoya = { id: 'nagoya', latitude: 35.18, longitude: 136.9 };
const hachijo = { id: 'hachijo', latitude: 33.1, longitude: 139.79 };

describe('ways on the globe', () => {
  it('are measured along the great circle', () => {
    expect(distanceMetres(tokyo, osaka) / 1000).toBeCloseTo(402, -1);
    expect(distanceMetres({ latitude: 0, longitude: 179.5 }, { latitude: 0, longitude: -179.5 }) / 1000).toBeCloseTo(
      111,
      0,
    );
    expect(bearingTo({ latitude: 0, longitude: 0 }, { latitude: 0, longitude: 10 })).toBeCloseTo(90);
    expect(bearingTo(tokyo, hachijo)).toBeCloseTo(180, -1);
  });
});

describe('an arrow key', () => {
  const all = [tokyo, osaka, sendai, nagoya, hachijo];

  it('goes to the nearest camera in its direction', () => {
    expect(nextInDirection(tokyo, all, 'west')?.id).toBe('nagoya');
    expect(nextInDirection(nagoya, all, 'west')?.id).toBe('osaka');
    expect(nextInDirection(tokyo, all, 'north')?.id).toBe('sendai');
    expect(nextInDirection(tokyo, all, 'south')?.id).toBe('hachijo');
  });

  it('stays where nothing lies in its direction', () => {
    expect(nextInDirection(sendai, all, 'north')).toBeNull();
    expect(nextInDirection(tokyo, [tokyo], 'east')).toBeNull();
  });

  it('crosses the date line', () => {
    const fiji = { latitude: -17.8, longitude: 178.4 };
    const samoa = { latitude: -13.8, longitude: -171.8 };
    expect(nextInDirection(fiji, [samoa], 'east')).toBe(samoa);
    expect(nextInDirection(samoa, [fiji], 'west')).toBe(fiji);
  });

  it('begins at what is nearest to the middle', () => {
    expect(nearestTo({ latitude: 35, longitude: 136 }, all)?.id).toBe('osaka');
    expect(nearestTo(tokyo, [])).toBeNull();
  });
});
