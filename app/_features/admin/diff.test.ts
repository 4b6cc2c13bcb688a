import { describe, expect, it } from 'vitest';

import { differences } from './diff.ts';

describe('differences', () => {
  it('tells each place that changed and leaves out what did not', () => {
    expect(differences({ locked: false, name: 'Aya' }, { locked: true, name: 'Aya', reason: 'left' })).toEqual([
      { path: 'locked', before: 'false', after: 'true' },
      { path: 'reason', before: null, after: 'left' },
    ]);
  });

  it('looks into things inside and shows lists of words as words', () => {
    expect(
      differences({ role: { permissions: ['a:b'] } }, { role: { permissions: ['a:b', 'c:d'], for: { id: '7' } } }),
    ).toEqual([
      { path: 'role.for.id', before: null, after: '7' },
      { path: 'role.permissions', before: 'a:b', after: 'a:b, c:d' },
    ]);
  });

  it('shows what was made as all new and what was removed as all gone', () => {
    expect(differences(null, { url: 'https://a.test' })).toEqual([
      { path: 'url', before: null, after: 'https://a.test' },
    ]);
    expect(differences({ url: 'https://a.test' }, null)).toEqual([
      { path: 'url', before: 'https://a.test', after: null },
    ]);
    expect(differences(null, undefined)).toEqual([]);
  });

  it('takes a value that is no record as a whole', () => {
    expect(differences('open', 'closed')).toEqual([{ path: '', before: 'open', after: 'closed' }]);
  });
});
