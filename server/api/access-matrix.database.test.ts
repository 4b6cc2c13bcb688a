import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';

import type { Actor, UserActor } from '#server/contracts/identity.ts';
import { builtInRoles, ownersPermissions, permission, type Permission } from '#server/contracts/permissions.ts';
import { anAccessHouse, anUnconnectedHouse, type Outcome } from '#server/testing/access-house.ts';
import { aCameraInput } from '#server/testing/factories.ts';
import { proceduresOf, sampleInput, type ProcedureFacts } from '#server/testing/procedures.ts';

let all: Awaited<ReturnType<typeof anAccessHouse>>;
let actors: Asker[];
let boundTo: string;
/** Somebody else, to whom the things belong that are asked for. */
let other: UserActor;

/** Who asks, and what the table of roles says that they hold for everything. */
interface Asker {
  name: string;
  actor: Actor;
  holds: (word: Permission) => boolean;
}

const roleIds = ['owner', 'admin', 'operator', 'creator', 'viewer', 'agent'] as const;
const inTable = (role: (typeof roleIds)[number], word: Permission) =>
  role === 'owner' || role === 'admin' || new Set<string>(builtInRoles[role]).has(word);

beforeAll(async () => {
  all = await anAccessHouse();
  const { aPerson, database, house } = all;
  other = await aPerson(['viewer']);
  const camera = await house.sources.create(await aPerson(['admin']), aCameraInput());
  boundTo = camera.id;
  const object = { type: 'camera', id: boundTo };
  for (const word of permission.options) {
    await database.role.createMany({
      data: [
        { id: `only-${word.replace(':', '-')}`, name: word, permissions: [word] },
        {
          id: `all-but-${word.replace(':', '-')}`,
          name: word,
          permissions: permission.options.filter((one) => one !== word),
        },
      ],
    });
  }
  const none = () => false;
  const admin = await aPerson(['admin']);
  actors = [
    ...(await Promise.all(
      roleIds.map(async (role) => ({
        name: role,
        actor: await aPerson([role]),
        holds: (word: Permission) => inTable(role, word),
      })),
    )),
    { name: 'no role', actor: await aPerson(), holds: none },
    { name: 'anonymous', actor: { type: 'anonymous' }, holds: none },
    { name: 'guest', actor: { type: 'guest', guestId: randomUUID(), name: 'Guest' }, holds: none },
    { name: 'view-as', actor: { ...(await aPerson(['admin'])), viewedBy: admin.userId }, holds: () => true },
    { name: 'admin of one camera', actor: await aPerson(['admin'], { object }), holds: none },
    {
      name: 'key of one camera',
      actor: await aPerson(['admin'], { scope: { permissions: ['*'], objects: [object] } }),
      holds: none,
    },
    {
      name: 'key for product:search',
      actor: await aPerson(['owner'], { scope: { permissions: ['product:search'], objects: null } }),
      holds: (word) => word === 'product:search',
    },
  ];
});
afterAll(async () => all[Symbol.asyncDispose]());

const procedures = proceduresOf(anUnconnectedHouse().router);
const isPermission = (access: ProcedureFacts['access']): access is Permission => permission.safeParse(access).success;
const guarded = procedures.flatMap((procedure) =>
  isPermission(procedure.access) ? [{ ...procedure, access: procedure.access }] : [],
);

/** Asks the world outside: only who is refused asks it here. */
const reachesOutside = new Set(['feeds.online']);

/** A fresh thing of somebody else for every call, where the answer depends on it. */
async function inputFor(procedure: ProcedureFacts): Promise<unknown> {
  const { database, house } = all;
  const aCamera = async () => {
    const made = await house.sources.create({ type: 'system' }, aCameraInput());
    await database.camera.update({ where: { id: made.id }, data: { ownerId: other.userId } });
    return made.id;
  };
  switch (procedure.path) {
    case 'cameras.create':
      return aCameraInput();
    case 'cameras.update':
      return { id: await aCamera(), patch: { name: 'x' } };
    case 'cameras.patch':
      return { id: await aCamera(), name: 'x' };
    case 'cameras.delete':
    case 'cameras.restore':
      return { id: await aCamera() };
    case 'cameras.diagnose':
      return { kind: 'synthetic' };
    case 'removals.eraseCamera':
      return { id: await aCamera(), name: 'not its name' };
    case 'removals.eraseRecordings': {
      const { id } = await database.removalRequest.create({
        data: {
          id: randomUUID(),
          cameraId: await aCamera(),
          kind: 'takeDown',
          name: 'x',
          email: 'x@example.org',
          reason: 'x',
          regions: [],
        },
      });
      return { id, name: 'x' };
    }
    default:
      return sampleInput(procedure);
  }
}

/** What a person may do with things of their own they may ask at the door: then the answer about another's is what counts. */
function isRefused({ code, reason }: Outcome, access: ProcedureFacts['access']): boolean {
  if (code === 'FORBIDDEN' || code === 'UNAUTHENTICATED') return reason === null || !asksForProof.has(reason);
  return code === 'NOT_FOUND' && isPermission(access) && ownersPermissions.includes(access);
}
/** The person is the right one, and is asked to show it once more. */
const asksForProof = new Set(['proof', 'wrongPassword', 'secondFactor', 'wrongCode', 'stepUp']);

test.each(procedures.filter(({ input }) => input !== null))(
  '$path is asked with an input that it takes',
  async (procedure) => {
    const input = await inputFor(procedure);
    expect(procedure.input?.safeParse(input).error?.issues ?? []).toEqual([]);
  },
);

test.each(guarded)('$path ($access) is for who holds it for everything, and for nobody else', async (procedure) => {
  const faults = await Promise.all(
    actors.map(async ({ name, actor, holds }) => {
      const isWriteOfView = actor.type === 'user' && actor.viewedBy !== null && procedure.type === 'mutation';
      const expected = holds(procedure.access) && !isWriteOfView ? 'allowed' : 'refused';
      if (expected === 'allowed' && reachesOutside.has(procedure.path)) return null;
      const outcome = await all.call(actor, procedure.path, await inputFor(procedure));
      const found = isRefused(outcome, procedure.access) ? 'refused' : 'allowed';
      return found === expected && outcome.code !== 'INTERNAL' ? null : { name, expected, ...outcome };
    }),
  );
  expect(faults.filter(Boolean)).toEqual([]);
});

test.each(guarded)('$path asks for $access alone, at its door and behind it', async (procedure) => {
  const word = procedure.access.replace(':', '-');
  const [only, allBut] = [await all.aPerson([`only-${word}`]), await all.aPerson([`all-but-${word}`])];
  const ask = async (actor: Actor) => all.call(actor, procedure.path, await inputFor(procedure));
  const held = reachesOutside.has(procedure.path) ? null : await ask(only);
  // Who would give on what they do not hold is stopped by what they ask for, not by the procedure.
  const isStopped = held !== null && held.reason !== 'moreThanHeld' && isRefused(held, procedure.access);
  expect(isStopped ? held : null).toBeNull();
  expect(await ask(allBut)).toSatisfy((outcome: Outcome) => isRefused(outcome, procedure.access));
});

const ofAccounts = procedures.filter(({ access }) => access === 'account');
/** Everything about a person in one file is for their own hands alone. */
const notForViews = new Set(['account.export']);

test.each(ofAccounts)('$path is for everybody who is signed in, over their own', async (procedure) => {
  const faults = await Promise.all(
    actors.map(async ({ name, actor }) => {
      const isNarrow = actor.type === 'user' && actor.scope !== null;
      const isView = actor.type === 'user' && actor.viewedBy !== null;
      const isKept = isView && (procedure.type === 'mutation' || notForViews.has(procedure.path));
      const mayAsk = actor.type === 'user' && !isKept && !isNarrow;
      const expected = mayAsk ? 'allowed' : 'refused';
      const outcome = await all.call(actor, procedure.path, await inputFor(procedure));
      const found = isRefused(outcome, null) ? 'refused' : 'allowed';
      return found === expected && outcome.code !== 'INTERNAL' ? null : { name, expected, ...outcome };
    }),
  );
  expect(faults.filter(Boolean)).toEqual([]);
});

const ofAnybody = procedures.filter(({ access }) => access === 'public');

test.each(ofAnybody)(
  '$path is answered without a fault of ours, and writes nothing for who looks as another',
  async (procedure) => {
    const outcomes = await Promise.all(
      actors
        .filter(({ name }) => ['anonymous', 'guest', 'no role', 'view-as', 'key for product:search'].includes(name))
        .map(
          async ({ name, actor }) => [name, await all.call(actor, procedure.path, await inputFor(procedure))] as const,
        ),
    );
    expect(outcomes.filter(([, { code }]) => code === 'INTERNAL')).toEqual([]);
    const looked = outcomes.find(([name]) => name === 'view-as')?.[1];
    const leavesView = ['identity.signOut', 'passkeys.signInOptions'].includes(procedure.path);
    const isWrite = procedure.type === 'mutation' && !leavesView;
    expect(looked?.reason === 'viewAs').toBe(isWrite);
  },
);
