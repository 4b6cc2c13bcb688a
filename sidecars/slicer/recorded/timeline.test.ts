import fc from 'fast-check';
import { expect, test } from 'vitest';

import { timeline } from '#server/contracts/media-state.ts';

import type { Span } from '../disk/segment.ts';
import { buildTimeline } from './timeline.ts';

const noon = Date.UTC(2026, 0, 5, 12);
const at = (seconds: number) => noon + seconds * 1000;
const span = (from: number, to: number, kind: Span['kind'] = 'recorded'): Span => ({
  fromMs: at(from),
  toMs: at(to),
  kind,
});

function shown(spans: Span[], from: number, to: number, now = 10_000): string[] {
  const answer = buildTimeline(spans, { fromMs: at(from), toMs: at(to) }, { nowMs: at(now), liveEdgeMs: 15_000 });
  const seconds = (iso: string) => (Date.parse(iso) - noon) / 1000;
  return answer.spans.map(({ from: start, to: end, kind }) => `${seconds(start)}-${seconds(end)} ${kind}`);
}

test('calls what nobody accounts for an outage', () => {
  expect(shown([span(0, 60), span(90, 120)], 0, 150)).toEqual([
    '0-60 recorded',
    '60-90 offline',
    '90-120 recorded',
    '120-150 offline',
  ]);
  expect(shown([], 0, 60)).toEqual(['0-60 offline']);
});

test('names what retention took, what the disk lost, what was not to be kept, and slate', () => {
  const spans = [
    span(0, 20, 'retention'),
    span(20, 40),
    span(40, 50, 'dropped'),
    span(50, 60, 'slate'),
    span(60, 70, 'off'),
  ];
  expect(shown(spans, 10, 70)).toEqual([
    '10-20 retention',
    '20-40 recorded',
    '40-50 dropped',
    '50-60 slate',
    '60-70 off',
  ]);
});

test('shows what can be watched where reasons overlap', () => {
  expect(shown([span(0, 100, 'retention'), span(20, 40), span(30, 60, 'dropped')], 0, 100)).toEqual([
    '0-20 retention',
    '20-40 recorded',
    '40-60 dropped',
    '60-100 retention',
  ]);
});

test('does not call the open segment of a living stream an outage, nor the joint of two runs', () => {
  expect(shown([span(0, 50.4), span(51, 96)], 0, 100, 100)).toEqual(['0-100 recorded']);
  expect(shown([span(0, 60)], 0, 100, 100)).toEqual(['0-60 recorded', '60-100 offline']);
});

test('covers any window in order, without overlap and without hole', () => {
  const kinds = fc.constantFrom<Span['kind'][]>('recorded', 'slate', 'dropped', 'off', 'retention');
  const anySpan = fc
    .tuple(fc.nat(500), fc.integer({ min: 1, max: 90 }), kinds)
    .map(([from, length, kind]) => span(from, from + length, kind));
  fc.assert(
    fc.property(
      fc.array(anySpan, { maxLength: 30 }),
      fc.nat(400),
      fc.integer({ min: 1, max: 300 }),
      (spans, from, length) => {
        const range = { fromMs: at(from), toMs: at(from + length) };
        const answer = timeline.parse(buildTimeline(spans, range, { nowMs: at(10_000), liveEdgeMs: 15_000 }));
        expect(answer.spans[0]?.from).toBe(answer.from);
        expect(answer.spans.at(-1)?.to).toBe(answer.to);
        for (const [index, { from: start, to: end }] of answer.spans.entries()) {
          expect(Date.parse(end)).toBeGreaterThan(Date.parse(start));
          expect(answer.spans[index + 1]?.from ?? end).toBe(end);
        }
      },
    ),
  );
});
