import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { objectNames } from '#server/contracts/access.ts';
import { anAccessHouse } from '#server/testing/access-house.ts';
import { aCameraInput } from '#server/testing/factories.ts';

let all: Awaited<ReturnType<typeof anAccessHouse>>;

beforeAll(async () => {
  all = await anAccessHouse();
});
afterAll(async () => all[Symbol.asyncDispose]());

test('things that the audit log names by their ids are called by name, as far as they exist and the reader may see them', async () => {
  const owner = await all.aPerson(['owner']);
  await all.house.access.roles.create(owner, {
    id: 'auditor',
    name: 'Auditor',
    nameJa: null,
    permissions: ['audit:view'],
  });
  const auditor = await all.aPerson(['auditor']);
  const camera = await all.house.sources.create(owner, aCameraInput({ name: 'Back door', visibility: 'private' }));
  const { webhook } = await all.house.webhooks.create(owner, {
    url: 'https://example.org/told',
    description: '',
    events: [],
    enabled: true,
  });
  const { key } = await all.house.tokens.keys.create(owner, {
    name: 'Line agent',
    permissions: ['camera:view'],
    objects: null,
    expiresAt: null,
  });
  const objects = [
    { type: 'camera', id: camera.id },
    { type: 'key', id: key.id },
    { type: 'role', id: 'operator' },
    { type: 'user', id: owner.userId },
    { type: 'webhook', id: webhook.id },
    // Gone, of another kind, and no id at all.
    { type: 'user', id: randomUUID() },
    { type: 'mail', id: randomUUID() },
    { type: 'camera', id: 'nowhere' },
  ];
  const namesFor = async (actor: typeof owner) => {
    const { answer } = await all.call(actor, 'objects.names', { objects });
    return objectNames.parse(answer).map(({ type, name, search }) => `${type} ${name} ${search}`);
  };
  const everybodys = [`key Line agent ${key.prefix}`, 'role Operator null', `user ${owner.name} null`];
  const everything = [...everybodys, 'camera Back door null', 'webhook example.org null'];
  expect((await namesFor(owner)).toSorted()).toEqual(everything.toSorted());
  expect((await namesFor(auditor)).toSorted()).toEqual(everybodys.toSorted());
});
