import { expect, it } from 'vitest';

import { serveTail } from './tail.ts';
import { aLiveStream } from './testing/a-live-stream.ts';
import { fakeRequest } from './testing/fake-request.ts';

it('refuses a tail above its bound', () => {
  const stream = aLiveStream();
  stream.tails = 256;
  const { request, response } = fakeRequest();
  serveTail({ stream, request, response, query: new URLSearchParams() });
  expect(response.statusCode).toBe(503);
});
