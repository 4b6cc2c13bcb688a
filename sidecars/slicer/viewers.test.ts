import { expect, it } from 'vitest';

import { aLiveStream } from './testing/a-live-stream.ts';
import { fakeRequest } from './testing/fake-request.ts';
import { Viewers } from './viewers.ts';

it('keeps no more of an address and a program than tells viewers apart', () => {
  const viewers = new Viewers();
  const stream = aLiveStream();
  const seen = (address: string, program: string) =>
    viewers.seen(stream, fakeRequest({ headers: { 'x-forwarded-for': address, 'user-agent': program } }).request);
  seen('a'.repeat(64), 'b'.repeat(200));
  for (let end = 0; end < 50; end += 1) seen(`${'a'.repeat(64)}${end}`, `${'b'.repeat(200)}${end}`);
  expect(viewers.count(stream)).toBe(1);
  seen('2001:db8::1', 'one');
  seen('2001:db8::1', 'two');
  expect(viewers.count(stream)).toBe(3);
});
