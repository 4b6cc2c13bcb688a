import { describe, expect, it } from 'vitest';

import { joined, partsOf } from './message-parts.ts';
import en from './messages/en.json' with { type: 'json' };

describe('partsOf', () => {
  it('gives whole groups, and a group within a group where it stood', () => {
    expect(partsOf(en, ['state', 'admin.confirm'])).toEqual({ state: en.state, admin: { confirm: en.admin.confirm } });
  });

  it('refuses a group that there is not', () => {
    expect(() => partsOf(en, ['state', 'nowhere.at'])).toThrow('nowhere.at');
  });
});

describe('joined', () => {
  it('keeps what both know, in groups within groups too', () => {
    const first = partsOf(en, ['admin.confirm', 'state']);
    expect(joined(first, partsOf(en, ['admin.once', 'kind']))).toEqual({
      state: en.state,
      kind: en.kind,
      admin: { confirm: en.admin.confirm, once: en.admin.once },
    });
  });

  it('leaves what it was given as it was', () => {
    const first = partsOf(en, ['admin.confirm']);
    joined(first, partsOf(en, ['admin']));
    expect(first).toEqual({ admin: { confirm: en.admin.confirm } });
  });
});
