import { expect, test } from 'vitest';

import { feedFaultSentence, readFeedFaultSentence, type FeedFaultDetail } from './feed-fault.ts';

const said: [FeedFaultDetail, Record<string, string | number>][] = [
  ['LATE', {}],
  ['STATUS', { about: 503 }],
  ['NOT_PUBLIC', { about: 'cams.example.org' }],
  ['SHAPE', {}],
  ['SHAPE_AT', { about: 'features.0.geometry' }],
  ['NONE_TAKEN', { about: '12, row 1: NO_ID' }],
  ['XML_BROKEN', { about: "Closing tag 'a' (b) is expected. [x]" }],
  ['FEWER', { about: 3, standing: 900 }],
];

test.each(said)('%s is read back from its own sentence', (detail, values) => {
  const texts = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
  expect(readFeedFaultSentence(feedFaultSentence(detail, values))).toEqual({ detail, values: texts });
});

test('a sentence that is not known is left as it is', () => {
  expect(readFeedFaultSentence('the server was painted green')).toBeNull();
});
