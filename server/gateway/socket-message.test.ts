import { expect, test } from 'vitest';

import { readCalls } from './socket-message.ts';

const call = (id: number | string, path: string) => ({ id, method: 'query', params: { path } });

test('a frame tells its calls, one or a batch, and what stops a subscription calls nothing', () => {
  expect(readCalls(JSON.stringify(call(1, 'a.b')))).toEqual([{ id: 1, method: 'query', path: 'a.b' }]);
  expect(readCalls(JSON.stringify([call(1, 'a.b'), call('x', 'c.d')]))).toHaveLength(2);
  expect(readCalls('{"id":3,"method":"subscription.stop"}')).toEqual([
    { id: 3, method: 'subscription.stop', path: null },
  ]);
  expect(readCalls('PING')).toEqual([{ id: null, method: 'PING', path: null }]);
});

test('what is no message is one call of nothing, and a call without a path is still one', () => {
  for (const text of ['', 'no JSON', '[]]', 'null', '7', '{"id":{}}'])
    expect(readCalls(text)).toEqual([{ id: null, method: '', path: null }]);
  expect(readCalls('{"id":1,"method":"mutation"}')).toEqual([{ id: 1, method: 'mutation', path: '' }]);
});

test('bombs and endless batches are refused', () => {
  expect(() => readCalls('['.repeat(1000))).toThrow('walking');
  expect(() => readCalls(JSON.stringify(Array.from({ length: 51 }, (_, id) => call(id, 'a'))))).toThrow('50 calls');
});
