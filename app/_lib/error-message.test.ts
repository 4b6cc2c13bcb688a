import { TRPCClientError } from '@trpc/client';
import { expect, test } from 'vitest';

import { codeOf } from './error-message.ts';

const answered = (data: unknown) =>
  TRPCClientError.from({ error: { message: 'no', code: -32_600, ...(data === undefined ? {} : { data }) } });

test.each([
  [{ error: { code: 'CONFLICT', message: 'a name that is taken' } }, 'CONFLICT'],
  [{ error: { code: 'PAINTED_GREEN' }, code: 'UNAUTHORIZED' }, 'UNAUTHENTICATED'],
  [{ code: 'TOO_MANY_REQUESTS' }, 'TOO_MANY_REQUESTS'],
  [{ code: 'TEAPOT' }, 'INTERNAL'],
  [{ error: { code: 'toString' } }, 'NETWORK'],
  ['<html>', 'NETWORK'],
  [undefined, 'NETWORK'],
])('an answer of %j is told by the words of %s', (data, code) => {
  expect(codeOf(answered(data))).toBe(code);
});

test('what is no answer of the server is a fault of ours', () => {
  expect(codeOf(new TypeError('x is not a function'))).toBe('INTERNAL');
});
