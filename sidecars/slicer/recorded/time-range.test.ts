import { describe, expect, test } from 'vitest';

import { parseRange, parseTime } from './time-range.ts';

const noon = Date.UTC(2026, 0, 5, 12);
const hourMs = 3_600_000;

test.each([
  ['2026-01-05T12:00:00Z', noon],
  ['2026-01-05T12:00:00.250Z', noon + 250],
  ['2026-01-05T21:00:00+09:00', noon],
  ['2026-01-05T21:00:00 09:00', noon],
  [String(noon), noon],
  ['', null],
  [null, null],
  ['yesterday', undefined],
  ['2026-01-05', undefined],
  ['-5', undefined],
  ['2026-13-45T99:00:00Z', undefined],
])('reads %s', (text, expected) => {
  expect(parseTime(text)).toBe(expected);
});

describe('a window', () => {
  const range = (query: string, latestMs?: number) => {
    const result = parseRange(new URLSearchParams(query), {
      nowMs: noon,
      ...(latestMs === undefined ? {} : { latestMs }),
    });
    return result.ok ? [(result.range.fromMs - noon) / 60_000, (result.range.toMs - noon) / 60_000] : result.message;
  };

  test('with an open end lasts up to now, or an hour where that is longer', () => {
    expect(range(`from=${noon - 600_000}`)).toEqual([-10, 0]);
    expect(range(`from=${noon - 5 * hourMs}`)).toEqual([-300, -240]);
  });

  test('with an open start is the hour before its end; with neither, the last recorded one', () => {
    expect(range(`to=${noon - 600_000}`)).toEqual([-70, -10]);
    expect(range('', noon - hourMs)).toEqual([-120, -60]);
  });

  test.each([
    [`from=${noon - 2 * hourMs}&to=${noon}`, 'a window is at most 60 minutes long: ask for several'],
    ['from=soon', 'from is neither RFC 3339 nor epoch milliseconds'],
    [`from=${noon}&to=later`, 'to is neither RFC 3339 nor epoch milliseconds'],
    [`from=${noon}&to=${noon - 1}`, 'the window ends before it begins'],
    [`from=${noon + hourMs}`, 'the window ends before it begins'],
  ])('is refused in words: %s', (query, message) => {
    expect(range(query)).toBe(message);
  });
});
