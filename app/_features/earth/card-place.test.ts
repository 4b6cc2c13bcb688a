import { describe, expect, it } from 'vitest';

import { cardPlace } from './card-place.ts';

const card = { width: 200, height: 150 };
const desk = { left: 16, top: 16, right: 1000, bottom: 800 };
const phone = { left: 8, top: 8, right: 382, bottom: 700 };

const covers = (place: { left: number; top: number }, point: { x: number; y: number }) =>
  point.x >= place.left &&
  point.x <= place.left + card.width &&
  point.y >= place.top &&
  point.y <= place.top + card.height;

describe('the card of a camera', () => {
  it('never covers its point and never leaves its room', () => {
    for (const room of [desk, phone]) {
      for (let x = room.left; x <= room.right; x += 37) {
        for (let y = room.top; y <= room.bottom; y += 41) {
          const place = cardPlace({ x, y }, card, room);
          expect(covers(place, { x, y }), `${x},${y}`).toBe(false);
          expect(place.left).toBeGreaterThanOrEqual(room.left);
          expect(place.left + card.width).toBeLessThanOrEqual(room.right);
        }
      }
    }
  });

  it('stands right of the point, and left of it at the right edge', () => {
    expect(cardPlace({ x: 300, y: 400 }, card, desk).left).toBe(318);
    expect(cardPlace({ x: 900, y: 400 }, card, desk).left).toBe(682);
  });
});
