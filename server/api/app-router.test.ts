import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import { toAppError } from '#server/platform/trpc.ts';
import { anUnconnectedHouse } from '#server/testing/access-house.ts';
import { anActor, silentLog } from '#server/testing/factories.ts';
import { callByPath, proceduresOf, sampleInput } from '#server/testing/procedures.ts';

import { callContext } from './call-context.ts';

const { house, router: appRouter } = anUnconnectedHouse();
const procedures = proceduresOf(appRouter);
const id = '0198c2f4-7d1e-7a3b-9c55-0e6f1b2a3c4d';

/** Writes that anybody may ask for, and why. */
const publicWrites: Record<string, string> = {
  'identity.claimOwner': 'the one-time link of the first start proves it',
  'identity.signIn': 'e-mail and password prove it, slowed down by account and network',
  'identity.signInByPasskey': 'the passkey proves it',
  'identity.signInByOidc': 'the provider proves it',
  'identity.signOut': 'ends the session of who asks; nothing for anybody else',
  'account.signUp': 'open where the operator opened it; an invitation proves it else',
  'account.confirmEmail': 'the link from the mail proves it',
  'account.resendConfirmation': 'mails the address that is registered, a few times an hour',
  'account.requestReset': 'mails the address that is registered, a few times an hour',
  'account.reset': 'the link from the mail proves it',
  'account.confirmChange': 'the link from the mail proves it',
  'account.undoChange': 'the link from the mail proves it',
  'account.enterAsGuest': 'gives a name for watching and no rights',
  'auth.login': 'user name and password prove it, slowed down by account and network',
  'auth.refresh': 'the refresh token proves it',
  'auth.register': 'as account.signUp',
  'auth.passwordReset': 'as account.requestReset and account.reset',
  'auth.revoke': 'ends the token that is shown; nothing for anybody else',
  'auth.wsTicket': 'for the credential or guest that asks, who gains nothing by it',
  'playback.create': 'for a stream that who asks may watch; public ones too',
  'passkeys.signInOptions': 'a challenge, before it is known who asks',
  'removals.request': 'whoever is in a picture asks; five times an hour, and the operator decides',
};

/** Mutations that leave no entry in the audit log, and why nothing is missed there. */
const unaudited: Record<string, string> = {
  'passkeys.registrationOptions': 'a challenge; the registration is written down',
  'passkeys.signInOptions': 'a challenge; the sign-in is written down',
  'passkeys.proofOptions': 'a challenge; what is proved is written down',
  'auth.refresh': 'once in some hours of every machine; reuse is written down by itself',
  'auth.wsTicket': 'opens what who asks may open anyhow',
  'playback.create': 'renewed by every player each minute',
  'account.enterAsGuest': 'nothing is kept of it',
  'activity.markRead': 'concerns nobody else',
  'feeds.previewFile': 'changes nothing',
};

describe('every procedure', () => {
  test('names its permission, or is marked as for accounts or as public', () => {
    expect(procedures.length).toBeGreaterThan(50);
    expect(procedures.filter(({ access }) => access === null).map(({ path }) => path)).toEqual([]);
  });

  test('that writes and is public says why', () => {
    const writes = procedures.filter(({ type, access }) => type === 'mutation' && access === 'public');
    expect(writes.map(({ path }) => path).toSorted()).toEqual(Object.keys(publicWrites).toSorted());
  });

  test('that writes and leaves no trace says why', () => {
    const silent = procedures.filter((procedure) => procedure.unaudited);
    expect(silent.map(({ path }) => path).toSorted()).toEqual(Object.keys(unaudited).toSorted());
    expect(silent.filter(({ type }) => type !== 'mutation')).toEqual([]);
  });

  test('that needs more than looking is no query: a link or a picture in a page must not change anything', () => {
    const reading = new Set(['audit:view', 'user:view', 'system:view', 'webhook:view', 'outbox:view', 'feed:view']);
    const odd = procedures.filter(
      ({ type, access }) =>
        type === 'query' && access !== null && access !== 'account' && access !== 'public' && !reading.has(access),
    );
    // Lists of what only those need who change it.
    expect(odd.map(({ path }) => path).toSorted()).toEqual([
      'discovery.allowed',
      'feeds.exportFile',
      'feeds.online',
      'feeds.report',
      'feeds.run',
      'feeds.runs',
      'invitations.list',
      'limits.list',
      'removals.list',
      'roles.catalogue',
      'roles.list',
      'settings.read',
    ]);
  });
});

describe('mass assignment', () => {
  /** Fields that a row has and no person sets. */
  const planted = {
    isOwner: true,
    ownerId: '0198c2f4-7d1e-7a3b-9c55-0e6f1b2a3c4e',
    roles: ['owner'],
    grants: [{ permissions: ['*'], object: null }],
    lockedAt: null,
    passwordHash: 'x',
    emailConfirmedAt: '2026-01-01T00:00:00.000Z',
    builtIn: true,
    origin: 'tfl:1',
    withheldAt: null,
    deletedAt: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    sealedAddress: 'x',
    viewedBy: null,
  };

  /** WebAuthn's own JSON, of which the library that checks it reads what it knows. */
  const free = new Set(['identity.signInByPasskey', 'identity.prove', 'passkeys.register']);
  const withInput = procedures.flatMap(({ path, input }) =>
    input && !(input instanceof z.ZodVoid) && !free.has(path) ? [{ path, input }] : [],
  );

  test.each(withInput)('$path takes no field that it does not name', ({ path, input }) => {
    const samples = [sampleInput({ path, input }), sampleInput({ path, input }, true)];
    let taken = 0;
    for (const sample of samples) {
      const parsed = input.safeParse(plant(sample));
      if (!parsed.success) continue;
      taken += 1;
      expect([path, foundIn(parsed.data, input)]).toEqual([path, []]);
    }
    // What is strict refuses it as a whole, which is as good; what never parses at all proves nothing.
    const isStrict = samples.some((sample) => input.safeParse(sample).success);
    expect([path, taken > 0 || isStrict]).toEqual([path, true]);
  });

  function plant(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(plant);
    if (typeof value !== 'object' || value === null) return value;
    const own = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plant(inner)]));
    return { ...planted, ...own };
  }

  /** Planted fields that came through although no part of the schema names them. */
  function foundIn(value: unknown, input: z.ZodType): string[] {
    const named = JSON.stringify(z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }));
    const text = JSON.stringify(value ?? null);
    return Object.keys(planted).filter((field) => text.includes(`"${field}":`) && !named.includes(`"${field}":`));
  }
});

/** Whoever may do anything, at a door from outside. */
const anywhere = callContext(
  { identity: { isAllowed: () => true, isAllowedSomewhere: () => true }, audit: { append: async () => undefined } },
  {
    actor: anActor({ isOwner: true }),
    door: 'socket',
    requestId: 'r1',
    ip: null,
    userAgent: null,
    log: silentLog,
    setCookie: () => undefined,
  },
);
const refusalOf = (path: string, input: unknown) =>
  callByPath(appRouter.createCaller(anywhere), path, input).catch(toAppError);

describe('a field that nothing reads', () => {
  /** Objects of an input that take any field, by their paths. */
  const open: Record<string, readonly string[]> = {
    // RFC 6749 §3.2, RFC 7009 §2.1: parameters that are not known are ignored.
    'auth.login': [''],
    'auth.refresh': [''],
    'auth.revoke': [''],
    // WebAuthn's own JSON, of which the library that checks it reads what it knows.
    'identity.signInByPasskey': ['response'],
    'identity.prove': ['passkey.response'],
    'passkeys.register': ['response'],
    // Names of columns, which are the file's.
    'feeds.previewFile': ['mapping'],
    'feeds.importFile': ['mapping'],
  };
  const changing = procedures.filter(({ type }) => type === 'mutation');
  const mutations = changing.flatMap(({ path, input }) => (input ? [{ path, input }] : []));

  test('can be sent to no mutation unread: those that take nothing say so', () => {
    expect(changing.filter(({ input }) => input === null).map(({ path }) => path)).toEqual([]);
  });

  test('is taken by no mutation, however deep, but where it must be', () => {
    const found = mutations.flatMap(({ path, input }) => {
      const objects = openObjects(z.toJSONSchema(input, { io: 'input', unrepresentable: 'any', reused: 'inline' }));
      return objects.length > 0 ? [[path, [...new Set(objects)]] as const] : [];
    });
    expect(Object.fromEntries(found)).toEqual(open);
  });

  test.each(mutations.filter(({ path }) => !open[path]?.includes('')))(
    '$path refuses it by its name',
    async ({ path, input }) => {
      const sample = sampleInput({ path, input }, true);
      const places = objectsIn(sample).filter((place) => !open[path]?.includes(place.replaceAll(/\.?\b\d+\b/g, '')));
      expect(places).toContain('');
      for (const place of places) {
        const field = [place, 'unknownField'].filter(Boolean).join('.');
        const { code, details } = refused.parse(await refusalOf(path, planted(sample, place)));
        expect(code).toBe('BAD_REQUEST');
        expect(details.fields).toContainEqual({ path: field, message: 'there is no such field' });
      }
    },
  );

  const refused = z.object({
    code: z.string(),
    details: z.object({ fields: z.array(z.object({ path: z.string(), message: z.string() })) }),
  });
  const node = z.looseObject({
    type: z.string().optional(),
    properties: z.record(z.string(), z.unknown()).optional(),
    additionalProperties: z.unknown().optional(),
    items: z.unknown().optional(),
    prefixItems: z.array(z.unknown()).default([]),
    anyOf: z.array(z.unknown()).default([]),
    oneOf: z.array(z.unknown()).default([]),
  });

  function openObjects(schema: unknown, place = ''): string[] {
    const { type, properties = {}, additionalProperties, items, prefixItems, anyOf, oneOf } = node.parse(schema);
    const isOpen = type === 'object' && additionalProperties !== false;
    return [
      ...(isOpen ? [place] : []),
      ...Object.entries(properties).flatMap(([name, one]) => openObjects(one, place ? `${place}.${name}` : name)),
      ...[...prefixItems, ...anyOf, ...oneOf, ...(typeof items === 'object' ? [items] : [])].flatMap((one) =>
        openObjects(one, place),
      ),
    ];
  }

  function objectsIn(value: unknown, place = ''): string[] {
    if (typeof value !== 'object' || value === null) return [];
    const inner = Object.entries(value).flatMap(([key, one]) => objectsIn(one, place ? `${place}.${key}` : key));
    return Array.isArray(value) ? inner : [place, ...inner];
  }

  /** A copy of `value` whose object at `place` has a field more. */
  function planted(value: unknown, place: string): unknown {
    const copy: unknown = structuredClone(value);
    let step: unknown = copy;
    for (const key of place.split('.').filter(Boolean)) step = Reflect.get(Object(step), key);
    Object.assign(Object(step), { unknownField: 1 });
    return copy;
  }
});

describe('text that the database can not hold', () => {
  test.each(procedures.filter(({ input }) => input && !(input instanceof z.ZodVoid)))(
    '$path refuses it in words, wherever it stands',
    async (procedure) => {
      const sample = z.record(z.string(), z.unknown()).parse(sampleInput(procedure) ?? {});
      for (const input of [
        { ...sample, note: 'a\u0000b' },
        { ...sample, of: [{ 'a\u0000b': 1 }] },
        { ...sample, note: 'half \ud83d of it' },
      ]) {
        expect(await refusalOf(procedure.path, input)).toMatchObject({
          code: 'BAD_REQUEST',
          details: { reason: 'text' },
        });
      }
    },
  );
});

test('signing in over HTTP is refused: the id of a session is for the cookie alone', async () => {
  const context = callContext(
    { identity: house.identity, audit: { append: async () => undefined } },
    { actor: { type: 'anonymous' }, door: 'http', requestId: 'r1', ip: null, userAgent: null, log: silentLog },
  );
  await expect(
    appRouter.createCaller(context).identity.signIn({ email: 'a@example.org', password: 'x' }),
  ).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test('a key ends no sign-in of its person’s machines, whatever it holds', async () => {
  const context = callContext(
    { identity: { isAllowed: () => true, isAllowedSomewhere: () => true }, audit: { append: async () => undefined } },
    {
      actor: { ...anActor(), credential: { kind: 'key', id }, scope: { permissions: ['*'], objects: null } },
      door: 'http',
      requestId: 'r1',
      ip: null,
      userAgent: null,
      log: silentLog,
    },
  );
  await expect(appRouter.createCaller(context).auth.endMachine({ id })).rejects.toMatchObject({
    cause: { code: 'FORBIDDEN', details: { reason: 'ownHands' } },
  });
});
