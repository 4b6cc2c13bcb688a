import { expect, test } from 'vitest';

import { visibility, type Visibility } from '#server/contracts/camera.ts';
import type { Actor, ObjectReference, UserActor } from '#server/contracts/identity.ts';
import {
  builtInRoles,
  everybodysPermissions,
  ownersPermissions,
  permission,
  type Permission,
} from '#server/contracts/permissions.ts';
import { anActor } from '#server/testing/factories.ts';

import { holds, isAllowed, isAllowedSomewhere, reachOf, type Subject } from './permissions.ts';

const granted: ObjectReference = { type: 'camera', id: 'granted' };
const line: ObjectReference = { type: 'product-line', id: 'line' };
const roles = Object.keys(builtInRoles).filter((role): role is keyof typeof builtInRoles => role in builtInRoles);
const permissions = permission.options;

/** What a role holds, written out: the table of the requirements and nothing that decides. */
const table: Record<keyof typeof builtInRoles, (word: Permission) => boolean> = {
  owner: () => true,
  admin: () => true,
  operator: (word) => new Set<string>(builtInRoles.operator).has(word),
  creator: (word) => word === 'channel:create',
  viewer: (word) => new Set<string>(builtInRoles.viewer).has(word),
  agent: (word) => new Set<string>(builtInRoles.agent).has(word),
};

const holder = (role: keyof typeof builtInRoles, object: ObjectReference | null = null): UserActor =>
  anActor({ isOwner: role === 'owner' && !object, grants: [{ permissions: [...builtInRoles[role]], object }] });

const thing = (more: Partial<Subject> = {}): Subject => ({
  type: 'camera',
  id: 'thing',
  ownerId: null,
  visibility: 'private',
  ...more,
});
const isOpen = (value: Visibility, word: Permission) =>
  everybodysPermissions.includes(word) && ['public', 'unlisted', 'members'].includes(value);

/** Every question that fails is named: the test below would say only how many. */
function wrong(ask: (word: Permission, value: Visibility) => { expected: boolean; actual: boolean }): string[] {
  return permissions.flatMap((word) =>
    visibility.options.flatMap((value) => {
      const { expected, actual } = ask(word, value);
      return expected === actual ? [] : [`${word} of what is ${value}: ${actual}`];
    }),
  );
}

test('the roles of the inspection product hold at least what its requirements say', () => {
  expect(builtInRoles.admin).toContain('*');
  expect(builtInRoles.operator).toEqual(
    expect.arrayContaining(['pipeline:execute', 'pipeline:view', 'product:search', 'inspection:create']),
  );
  expect(builtInRoles.viewer).toEqual(expect.arrayContaining(['pipeline:view', 'product:search', 'inspection:view']));
});

test.each(roles)('%s for everything may what the role holds, for every thing and none', (role) => {
  const actor = holder(role);
  for (const word of permissions) {
    expect([word, isAllowed(actor, word)]).toEqual([word, table[role](word)]);
    expect([word, isAllowedSomewhere(actor, word)]).toEqual([
      word,
      table[role](word) || ownersPermissions.includes(word) || everybodysPermissions.includes(word),
    ]);
  }
  expect(
    wrong((word, value) => ({
      expected: table[role](word) || isOpen(value, word),
      actual: isAllowed(actor, word, thing({ visibility: value, ownerId: 'somebody else' })),
    })),
  ).toEqual([]);
});

test.each(roles)('%s for one object may what the role holds for it and what is in it, and nothing else', (role) => {
  for (const object of [granted, line]) {
    const actor = holder(role, object);
    expect(permissions.filter((word) => isAllowed(actor, word))).toEqual([]);
    const it = { type: object.type, id: object.id };
    const inIt = { parents: [{ type: 'site', id: 'x' }, object] };
    const sameIdOfAnotherKind = { type: 'channel', id: object.id };
    for (const [subject, reaches] of [
      [it, true],
      [inIt, true],
      [sameIdOfAnotherKind, false],
      [{ parents: [{ type: object.type, id: 'another' }] }, false],
      [{ id: null }, false],
      [{}, false],
    ] as const) {
      expect(
        wrong((word, value) => ({
          expected: (reaches && table[role](word)) || isOpen(value, word),
          actual: isAllowed(actor, word, thing({ visibility: value, ...subject })),
        })),
      ).toEqual([]);
    }
  }
});

test('whoever made a thing may with it what owners of things may, without any role', () => {
  const actor = anActor();
  expect(
    wrong((word, value) => ({
      expected: ownersPermissions.includes(word) || isOpen(value, word),
      actual: isAllowed(actor, word, thing({ visibility: value, ownerId: actor.userId })),
    })),
  ).toEqual([]);
  expect(permissions.filter((word) => isAllowed(actor, word))).toEqual([]);
});

test('nobody and guests see what is public or unlisted, and may nothing', () => {
  const guest: Actor = { type: 'guest', guestId: crypto.randomUUID(), name: 'Guest' };
  for (const actor of [{ type: 'anonymous' } as const, guest]) {
    expect(
      wrong((word, value) => ({
        expected: everybodysPermissions.includes(word) && ['public', 'unlisted'].includes(value),
        actual: isAllowed(actor, word, thing({ visibility: value, ownerId: null })),
      })),
    ).toEqual([]);
    expect(permissions.filter((word) => isAllowed(actor, word))).toEqual([]);
    expect(permissions.filter((word) => isAllowedSomewhere(actor, word))).toEqual(
      permissions.filter((word) => everybodysPermissions.includes(word)),
    );
  }
});

test.each(roles)('a key of somebody with role %s may what both allow, and never more', (role) => {
  for (const only of permissions) {
    const scope = { permissions: [only], objects: null };
    const actor = { ...holder(role), scope };
    expect(permissions.filter((word) => isAllowed(actor, word))).toEqual(table[role](only) ? [only] : []);
    const bound = { ...holder(role), scope: { permissions: [only], objects: [granted] } };
    expect(permissions.filter((word) => isAllowed(bound, word))).toEqual([]);
    expect(
      wrong((word, value) => ({
        expected: word === only && (table[role](word) || isOpen(value, word)),
        actual: isAllowed(bound, word, thing({ ...granted, visibility: value })),
      })),
    ).toEqual([]);
    expect(
      wrong((word, value) => ({
        expected: false,
        actual: isAllowed(bound, word, thing({ id: 'another', visibility: value, ownerId: bound.userId })),
      })),
    ).toEqual([]);
  }
});

test('a pattern of a noun holds every verb of it and of no other', () => {
  expect(permissions.filter((word) => holds(['camera:*'], word))).toEqual(['camera:view', 'camera:write']);
  expect(permissions.filter((word) => holds(['made-up:*', 'camera', 'camera:', ''], word))).toEqual([]);
  expect(permissions.filter((word) => holds(['*'], word))).toEqual(permissions);
});

test('what lists are told agrees with the decision over each thing', () => {
  const me = anActor().userId;
  const grants = [
    [],
    [{ permissions: ['camera:view'], object: null }],
    [{ permissions: ['camera:*'], object: granted }],
    [
      { permissions: ['*'], object: line },
      { permissions: ['product:search'], object: null },
    ],
  ];
  const scopes = [
    null,
    { permissions: ['*'], objects: null },
    { permissions: ['camera:view'], objects: [granted] },
    { permissions: ['camera:write'], objects: [granted, line] },
    { permissions: ['product:search'], objects: null },
  ];
  const actors: Actor[] = [
    { type: 'system' },
    { type: 'anonymous' },
    { type: 'guest', guestId: crypto.randomUUID(), name: 'Guest' },
    anActor({ isOwner: true, userId: me }),
    ...grants.flatMap((held) => scopes.map((scope) => anActor({ userId: me, grants: held, scope }))),
  ];
  const things = ['granted', 'other'].flatMap((id) =>
    [me, null].flatMap((ownerId) => visibility.options.map((value) => thing({ id, ownerId, visibility: value }))),
  );
  const faults: unknown[] = [];
  for (const actor of actors)
    for (const word of ['camera:view', 'camera:write', 'recording:view'] as const)
      for (const one of things) {
        const { within, everything, visibilities, ownerId, ids } = reachOf(actor, word, 'camera');
        const reached =
          (within === null || within.includes(one.id ?? '')) &&
          (everything ||
            visibilities.includes(one.visibility) ||
            (ownerId !== null && ownerId === one.ownerId) ||
            ids.includes(one.id ?? ''));
        if (reached !== isAllowed(actor, word, one)) faults.push({ actor, word, one, reached });
      }
  expect(faults).toEqual([]);
});
