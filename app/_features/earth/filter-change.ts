import type { CameraKind, CameraState } from '#server/contracts/camera.ts';
import type { EarthFilter } from '#server/contracts/earth.ts';

/** Shows every camera. */
export const cleared: EarthFilter = {};

const without = (filter: EarthFilter, name: keyof EarthFilter): EarthFilter => {
  const { [name]: _, ...rest } = filter;
  return rest;
};

const toggled = <Word extends string>(words: readonly Word[], word: Word): Word[] =>
  words.includes(word) ? words.filter((one) => one !== word) : [...words, word];

/** Only this state, or every state again. */
export const withOnlyState = (filter: EarthFilter, state: CameraState): EarthFilter =>
  filter.states?.length === 1 && filter.states[0] === state
    ? without(filter, 'states')
    : { ...filter, states: [state] };

export function withState(filter: EarthFilter, state: CameraState): EarthFilter {
  const states = toggled(filter.states ?? [], state);
  return states.length === 0 ? without(filter, 'states') : { ...filter, states };
}

export function withKind(filter: EarthFilter, kind: CameraKind): EarthFilter {
  const kinds = toggled(filter.kinds ?? [], kind);
  return kinds.length === 0 ? without(filter, 'kinds') : { ...filter, kinds };
}

export const withCountry = (filter: EarthFilter, country: string | null): EarthFilter =>
  country === null ? without(filter, 'country') : { ...filter, country };

export const withDaylight = (filter: EarthFilter): EarthFilter =>
  filter.daylight === 'day' ? without(filter, 'daylight') : { ...filter, daylight: 'day' };

export const withDemo = (filter: EarthFilter): EarthFilter =>
  filter.demo === false ? without(filter, 'demo') : { ...filter, demo: false };
