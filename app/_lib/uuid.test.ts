import { describe, expect, it } from 'vitest';

import { isId } from '#server/contracts/ids.ts';

import { isUuid } from './uuid.ts';

describe('isUuid', () => {
  it.each([
    '01890a5d-ac96-774b-bcce-b302099a8057',
    '01890A5D-AC96-774B-BCCE-B302099A8057',
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
    '01890a5d-ac96-974b-bcce-b302099a8057',
    '01890a5d-ac96-774b-ccce-b302099a8057',
    '01890a5d-ac96-774b-bcce-b302099a805',
    ' 01890a5d-ac96-774b-bcce-b302099a8057',
    '01890a5dac96774bbcceb302099a8057',
    '',
  ])('says of %o what the contracts say', (text) => {
    expect(isUuid(text)).toBe(isId(text));
  });
});
