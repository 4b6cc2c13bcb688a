import { describe, expect, test } from 'vitest';

import { withChangeNote } from '#server/platform/change-note.ts';
import { accessRooms } from '#server/testing/access-rooms.ts';
import { anActor } from '#server/testing/factories.ts';

const rooms = accessRooms();

describe('settings', () => {
  test('are kept, told and noted; what is left out stays', async () => {
    const { access, told } = rooms.house;
    const { actor } = await rooms.aPerson(['admin']);
    const { value, note } = await withChangeNote(() =>
      access.settings.update(actor, { signUp: 'open', embedOrigins: ['https://example.org', 'https://example.org/'] }),
    );
    expect(value).toEqual({ signUp: 'open', signUpRole: null, embedOrigins: ['https://example.org'] });
    expect(note).toMatchObject({
      object: { type: 'setting' },
      before: { signUp: 'invitation' },
      after: { signUp: 'open' },
    });
    expect(told).toContainEqual({ type: 'settings.changed' });
    expect(await access.settings.update(actor, { signUpRole: 'viewer' })).toMatchObject({
      signUp: 'open',
      signUpRole: 'viewer',
    });
  });

  test('give nobody who signs up what rules the house, and no frame what is no origin', async () => {
    const { access } = rooms.house;
    const { actor } = await rooms.aPerson(['owner']);
    for (const signUpRole of ['owner', 'admin', 'no-such-role'])
      await expect(access.settings.update(actor, { signUpRole })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    for (const origin of ['https://example.org/path', 'https://u:p@example.org', 'https://example.org/?q'])
      await expect(access.settings.update(actor, { embedOrigins: [origin] })).rejects.toMatchObject({
        code: 'BAD_REQUEST',
      });
    await expect(access.settings.update(anActor(), { signUp: 'open' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
