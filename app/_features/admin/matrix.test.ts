import { describe, expect, it } from 'vitest';

import { matrixOf, toggled } from './matrix.ts';

const all = ['camera:view', 'camera:write', 'feed:view'] as const;

describe('matrixOf', () => {
  it('names each noun and each verb once, in their order', () => {
    expect(matrixOf(all)).toEqual({ nouns: ['camera', 'feed'], verbs: ['view', 'write'] });
  });
});

describe('toggled', () => {
  it('adds and removes one permission', () => {
    expect(toggled([], 'camera:view', all)).toEqual(['camera:view']);
    expect(toggled(['camera:view', 'feed:view'], 'camera:view', all)).toEqual(['feed:view']);
  });

  it('lets a whole noun stand for its permissions', () => {
    expect(toggled(['camera:view', 'feed:view'], 'camera:*', all)).toEqual(['feed:view', 'camera:*']);
    expect(toggled(['camera:*'], 'camera:*', all)).toEqual([]);
  });

  it('leaves the rest of a whole noun when one of it is taken away', () => {
    expect(toggled(['camera:*'], 'camera:write', all)).toEqual(['camera:view']);
  });

  it('lets everything stand for all', () => {
    expect(toggled(['camera:view'], '*', all)).toEqual(['*']);
    expect(toggled(['*'], '*', all)).toEqual([]);
  });
});
