import { expect, test } from 'vitest';

import { pageOfObject } from './object-page.ts';

test('each kind of thing that has a name has its page, and a key is found in its list', () => {
  const at = (type: string, id: string, search: string | null = null) => pageOfObject({ type, id, search });
  expect(at('user', 'u1')).toBe('/admin/people?open=u1');
  expect(at('role', 'night-shift')).toBe('/admin/roles?open=night-shift');
  expect(at('key', 'k1', 'sns_a1b2')).toBe('/admin/keys?q=sns_a1b2&open=k1');
  expect(at('webhook', 'w1')).toBe('/admin/webhooks?open=w1');
  expect(at('camera', 'a/b')).toBe('/cameras/a%2Fb');
  expect(at('mail', 'm1')).toBeNull();
});
