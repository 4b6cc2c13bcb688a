import { describe, expect, it } from 'vitest';

import { isWithin, momentQuery, viewQuery } from './view-query.ts';

describe('the question for a view', () => {
  it('stays the same while the view moves a little', () => {
    const before = viewQuery({ bounds: [130.2, 31.1, 141.3, 40.2], zoom: 5.1 }, {}, null);
    const after = viewQuery({ bounds: [130.6, 31.4, 141.5, 40.4], zoom: 5.8 }, {}, null);
    expect(after).toEqual(before);
  });

  it('asks for clusters that stand as far apart on the screen as at their own zoom, or farther', () => {
    for (const zoom of [0, 1.4, 2.506, 2.999, 7.7])
      expect(viewQuery({ bounds: [-180, -90, 180, 90], zoom }, {}, null).zoom).toBeLessThanOrEqual(zoom);
    expect(viewQuery({ bounds: [-180, -90, 180, 90], zoom: -0.3 }, {}, null).zoom).toBe(0);
  });

  it('never asks for less than what is seen', () => {
    const { bounds } = viewQuery({ bounds: [-10.01, -33.3, 25.7, 47.9], zoom: 3.4 }, {}, null);
    expect(bounds[0]).toBeLessThanOrEqual(-10.01);
    expect(bounds[1]).toBeLessThanOrEqual(-33.3);
    expect(bounds[2]).toBeGreaterThanOrEqual(25.7);
    expect(bounds[3]).toBeGreaterThanOrEqual(47.9);
  });

  it('spans the date line and the whole world without leaving the planet', () => {
    expect(viewQuery({ bounds: [170, -20, -170, 10], zoom: 4 }, {}, null).bounds).toEqual([
      168.75, -22.5, -168.75, 11.25,
    ]);
    expect(viewQuery({ bounds: [-180, -90, 180, 90], zoom: 1.2 }, {}, null).bounds).toEqual([-180, -90, 180, 90]);
    expect(viewQuery({ bounds: [90, -10, 180, 10], zoom: 1 }, {}, null).bounds).toEqual([90, -90, 180, 90]);
  });

  it('carries filter and moment only where there are any', () => {
    const at = momentQuery(Date.UTC(2026, 10, 22, 9, 30, 1, 730), 2000);
    expect(viewQuery({ bounds: [0, 0, 1, 1], zoom: 2 }, { country: 'JP' }, at)).toMatchObject({
      filter: { country: 'JP' },
      at: '2026-11-22T09:30:00.000Z',
    });
    expect(viewQuery({ bounds: [0, 0, 1, 1], zoom: 2 }, {}, null)).not.toHaveProperty('filter');
  });
});

describe('bounds', () => {
  it('hold places on both sides of the date line', () => {
    expect(isWithin({ latitude: 0, longitude: 179 }, [170, -10, -170, 10])).toBe(true);
    expect(isWithin({ latitude: 0, longitude: -179 }, [170, -10, -170, 10])).toBe(true);
    expect(isWithin({ latitude: 0, longitude: 0 }, [170, -10, -170, 10])).toBe(false);
    expect(isWithin({ latitude: 11, longitude: 179 }, [170, -10, -170, 10])).toBe(false);
  });
});
