import { describe, expect, it } from 'vitest';

import { withCountry, withDaylight, withDemo, withKind, withOnlyState, withState } from './filter-change.ts';

describe('a filter of Earth', () => {
  it('is empty again when every choice is taken back', () => {
    const chosen = withDemo(withDaylight(withCountry(withKind(withOnlyState({}, 'live'), 'hls'), 'JP')));
    expect(chosen).toEqual({ states: ['live'], kinds: ['hls'], country: 'JP', daylight: 'day', demo: false });
    const back = withDemo(withDaylight(withCountry(withKind(withOnlyState(chosen, 'live'), 'hls'), null)));
    expect(back).toEqual({});
  });

  it('narrows to one state, or adds one after the other', () => {
    expect(withOnlyState({ states: ['live', 'delayed'] }, 'live').states).toEqual(['live']);
    expect(withState({ states: ['live'] }, 'delayed').states).toEqual(['live', 'delayed']);
    expect(withState({ states: ['live'] }, 'live')).toEqual({});
  });
});
