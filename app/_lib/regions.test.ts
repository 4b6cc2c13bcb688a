import { describe, expect, it } from 'vitest';

import { pictureRegion } from '#server/contracts/picture-region.ts';

import {
  centreOf,
  cornersMax,
  firstRegion,
  insertCorner,
  isMeant,
  moveCorner,
  moveRegion,
  rectangleOf,
  removeCorner,
} from './regions.ts';

const square = rectangleOf([0.6, 0.6], [0.2, 0.2]);

describe('a region drawn on a picture', () => {
  it('is the same rectangle whichever corner the hand began at', () => {
    expect(square).toEqual(rectangleOf([0.2, 0.2], [0.6, 0.6]));
    expect(centreOf(square)).toEqual([0.4, 0.4]);
  });

  it('keeps its shape at the edge of the picture when it is moved as a whole', () => {
    expect(moveRegion(square, 2, -2)).toEqual(rectangleOf([0.6, 0], [1, 0.4]));
  });

  it('stays on the picture when a corner is pulled outside', () => {
    expect(moveCorner(square, 0, [-3, 0.1])[0]).toEqual([0, 0.1]);
  });

  it('takes new corners up to the bound and loses none below three', () => {
    expect(insertCorner(square, 3)[4]).toEqual([0.2, 0.4]);
    let many = square;
    for (let turn = 0; turn < 100; turn += 1) many = insertCorner(many, 0);
    expect(many).toHaveLength(cornersMax);
    let few = square;
    for (let turn = 0; turn < 9; turn += 1) few = removeCorner(few, 0);
    expect(few).toHaveLength(3);
  });

  it('always parses as the contract wants it', () => {
    for (const region of [square, firstRegion(0), firstRegion(99), moveRegion(square, 9, 9)]) {
      expect(pictureRegion.safeParse(region).success).toBe(true);
    }
  });

  it('is not taken for one when the finger only touched', () => {
    expect(isMeant(rectangleOf([0.5, 0.5], [0.504, 0.7]))).toBe(false);
    expect(isMeant(square)).toBe(true);
  });
});
