import { expect, test } from 'vitest';

import type { UserActor } from '#server/contracts/identity.ts';
import { anActor } from '#server/testing/factories.ts';

import { isSameStanding } from './socket-standing.ts';

const grant = (...permissions: string[]): UserActor['grants'][number] => ({ permissions, object: null });

test('the same person who may the same is the same, in whatever order their roles are read', () => {
  const actor = { ...anActor(), grants: [grant('camera:view', 'camera:write'), grant('user:view')] };
  const again = { ...actor, name: 'Another', grants: [grant('user:view'), grant('camera:write', 'camera:view')] };
  expect(isSameStanding(actor, again)).toBe(true);
});

test('another person, another right, a narrower key or a look as somebody else is another standing', () => {
  const actor = { ...anActor(), grants: [grant('camera:view')] };
  for (const now of [
    anActor(),
    { ...actor, grants: [...actor.grants, grant('user:admin')] },
    { ...actor, grants: actor.grants.map((held) => ({ ...held, object: { type: 'camera', id: 'x' } })) },
    { ...actor, isOwner: !actor.isOwner },
    { ...actor, scope: { permissions: ['camera:view'], objects: null } },
    { ...actor, viewedBy: anActor().userId },
    { type: 'anonymous' as const },
  ])
    expect(isSameStanding(actor, now)).toBe(false);
  const guest = { type: 'guest' as const, guestId: 'a', name: 'G' };
  expect([isSameStanding(guest, guest), isSameStanding(guest, { ...guest, guestId: 'b' })]).toEqual([true, false]);
});
