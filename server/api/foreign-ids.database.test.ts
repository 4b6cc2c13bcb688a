import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import type { Actor, UserActor } from '#server/contracts/identity.ts';
import { anAccessHouse, anUnconnectedHouse } from '#server/testing/access-house.ts';
import { aCameraInput } from '#server/testing/factories.ts';
import { proceduresOf, sampleInput, type ProcedureFacts } from '#server/testing/procedures.ts';

/** Stands in every private thing: it must not come out of any answer. */
const marker = 'zanzibar-private-marker';
/** Begins it, finds it where somebody searches, and is the name of what is no id. */
const word = 'zanzibar';
let all: Awaited<ReturnType<typeof anAccessHouse>>;
let owner: UserActor;
/** Of things that somebody else keeps to themselves. */
let foreignIds: string[];
let strangers: { name: string; actor: Actor }[];

beforeAll(async () => {
  all = await anAccessHouse();
  const { aPerson, database, house } = all;
  owner = await aPerson(['owner'], { name: marker });
  const camera = await house.sources.create(owner, aCameraInput({ name: marker, visibility: 'private' }));
  const deleted = await house.sources.create(owner, aCameraInput({ name: marker, visibility: 'private' }));
  await house.sources.delete(owner, deleted.id);
  const id = () => randomUUID();
  const removal = await database.removalRequest.create({
    data: {
      id: id(),
      cameraId: camera.id,
      kind: 'takeDown',
      name: marker,
      email: 'x@example.org',
      reason: marker,
      regions: [],
    },
  });
  const run = await database.importRun.create({ data: { id: id(), source: `file:${marker}`, actorId: owner.userId } });
  const key = await database.apiKey.create({
    data: {
      id: id(),
      userId: owner.userId,
      name: marker,
      prefix: 'sns_foreign1',
      secretHash: Buffer.from('x'),
      permissions: ['*'],
    },
  });
  const passkey = await database.passkey.create({
    data: { id: id(), userId: owner.userId, credentialId: id(), publicKey: Buffer.from('x'), name: marker },
  });
  const family = await database.tokenFamily.create({ data: { id: id(), userId: owner.userId, userAgent: marker } });
  const invitation = await database.invitation.create({
    data: {
      id: id(),
      tokenHash: Buffer.from(id()),
      email: `${marker}@example.org`,
      createdBy: owner.userId,
      expiresAt: new Date(Date.now() + 86_400_000),
    },
  });
  const { webhook } = await house.webhooks.create(owner, {
    url: `https://example.org/${marker}`,
    description: marker,
    events: [],
    enabled: true,
  });
  const activity = await database.activityItem.create({
    data: { id: id(), userId: owner.userId, kind: 'role.given', data: { of: marker } },
  });
  const mail = await database.outboxItem.create({
    data: {
      id: id(),
      kind: 'mail',
      summary: { to: `${marker}@example.org`, subject: marker },
      sealed: Buffer.from('x'),
      state: 'kept',
    },
  });
  const held = await database.userRole.findFirstOrThrow({ where: { userId: owner.userId } });
  foreignIds = [
    camera.id,
    camera.streamId,
    deleted.id,
    removal.id,
    run.id,
    key.id,
    passkey.id,
    family.id,
    invitation.id,
    webhook.id,
    activity.id,
    mail.id,
    held.id,
    owner.userId,
    owner.credential.id,
  ];
  await database.role.create({ data: { id: word, name: marker, permissions: ['camera:view'] } });
  await database.signInFailure.create({ data: { key: word, failures: 3, lastAt: new Date() } });
  const object = { type: 'camera', id: (await house.sources.create({ type: 'system' }, aCameraInput())).id };
  strangers = [
    { name: 'no role', actor: await aPerson() },
    { name: 'creator', actor: await aPerson(['creator']) },
    { name: 'admin of another camera', actor: await aPerson(['admin'], { object }) },
    {
      name: 'key of another camera',
      actor: await aPerson(['admin'], { scope: { permissions: ['*'], objects: [object] } }),
    },
    { name: 'anonymous', actor: { type: 'anonymous' } },
  ];
});
afterAll(async () => all[Symbol.asyncDispose]());

const taking = proceduresOf(anUnconnectedHouse().router)
  .map((procedure) => Object.assign(procedure, { ids: idFieldsOf(procedure) }))
  .filter(({ ids }) => ids.length > 0);

/** Paths of fields that name a thing. */
function idFieldsOf({ input }: ProcedureFacts): string[] {
  if (!(input instanceof z.ZodObject)) return [];
  return Object.keys(input.shape).filter((field) => /(^|[a-z])(id|ids|key|query|object)$/i.test(field));
}

function aimed(procedure: ProcedureFacts & { ids: string[] }, id: string): Record<string, unknown> {
  const sample = sampleInput(procedure);
  const shape = procedure.input instanceof z.ZodObject ? procedure.input.shape : {};
  const aim = (field: string): unknown => {
    const schema: unknown = shape[field];
    const takes = (value: unknown) => schema instanceof z.ZodType && schema.safeParse(value).success;
    return [id, [id], { type: 'camera', id }].find(takes);
  };
  const fields = procedure.ids.flatMap((field) => {
    const value = aim(field);
    return value === undefined ? [] : [[field, value] as const];
  });
  return { ...(typeof sample === 'object' ? sample : {}), ...Object.fromEntries(fields) };
}

const tells = (answer: unknown) => JSON.stringify(answer ?? null).includes(marker);

/** Everything that a call could have changed of what is not the asker's. */
async function belongings(): Promise<string> {
  const { database } = all;
  const ofOwner = { where: { userId: owner.userId } };
  const rows = await Promise.all([
    database.user.findUnique({ where: { id: owner.userId }, omit: { lastSignInAt: true } }),
    database.session.findMany({ ...ofOwner, omit: { lastSeenAt: true } }),
    database.apiKey.findMany(ofOwner),
    database.passkey.findMany(ofOwner),
    database.tokenFamily.findMany(ofOwner),
    database.userRole.findMany(ofOwner),
    database.activityItem.findMany(ofOwner),
    database.camera.findMany({ where: { ownerId: owner.userId }, orderBy: { id: 'asc' } }),
    // Of a private camera nobody may even ask for its removal.
    database.removalRequest.findMany({ orderBy: { id: 'asc' } }),
    database.importRun.findMany(),
    database.invitation.findMany(),
    database.webhookEndpoint.findMany(),
    database.outboxItem.findMany({ where: { summary: { path: ['subject'], equals: marker } } }),
    database.role.findMany({ where: { id: word } }),
    database.signInFailure.findMany({ where: { key: word } }),
  ]);
  return JSON.stringify(rows, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

test('there are many procedures that take an id, and the house is full of private things', async () => {
  expect(taking.length).toBeGreaterThan(30);
  expect(foreignIds).toHaveLength(15);
  expect((await belongings()).split(marker).length).toBeGreaterThan(10);
});

test('the same questions do find them where their owner asks', async () => {
  const found = new Set<string>();
  for (const procedure of taking.filter(({ type }) => type === 'query'))
    for (const id of [...foreignIds, word]) {
      const { answer } = await all.call(owner, procedure.path, aimed(procedure, id));
      if (tells(answer)) found.add(procedure.path);
    }
  expect([...found]).toEqual(
    expect.arrayContaining(['cameras.get', 'cameras.list', 'feeds.run', 'keys.list', 'users.get', 'users.list']),
  );
});

test.each(taking)('$path tells and changes nothing of what belongs to somebody else', async (procedure) => {
  const before = await belongings();
  const faults: unknown[] = [];
  for (const { name, actor } of strangers) {
    const outcomes = await Promise.all(
      [...foreignIds, word].map((id) => all.call(actor, procedure.path, aimed(procedure, id))),
    );
    for (const { code, answer } of outcomes)
      if (tells(answer) || code === 'INTERNAL') faults.push({ name, code, answer });
  }
  expect(faults).toEqual([]);
  expect(await belongings()).toBe(before);
});
