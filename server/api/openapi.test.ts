import { expect, test } from 'vitest';
import { z } from 'zod';

import { parseEnv } from '#server/platform/env.ts';
import { silentLog } from '#server/testing/factories.ts';

import { createAppRouter } from './app-router.ts';
import { openHouse } from './house.ts';
import { createOpenApiDocument } from './openapi.ts';
import { restRoutes } from './rest.ts';
import { SystemReport } from './system-report.ts';

// Nothing connects before the first query, and a document makes none.
const env = parseEnv({
  DATABASE_URL: 'postgresql://127.0.0.1:1/none',
  SENSORIUM_KEY: '0123456789abcdef',
  INTERNAL_SECRET: '0123456789abcdef',
  NEXTAUTH_SECRET: '0123456789abcdef',
});
const house = openHouse(env, silentLog);
const appRouter = createAppRouter(house, new SystemReport(house, env));
const routes = restRoutes(appRouter._def.procedures);
const document = createOpenApiDocument(appRouter, '1.2.3');

const media = z.object({ 'application/json': z.object({ schema: z.unknown(), example: z.unknown() }) });
const operation = z.object({
  operationId: z.string().regex(/^[a-z]\w+$/),
  summary: z.string().min(3),
  description: z.string().min(10),
  tags: z.array(z.string()).length(1),
  security: z.array(z.record(z.string(), z.array(z.string()))).min(1),
  'x-permission': z.string(),
  parameters: z.array(z.record(z.string(), z.unknown())).optional(),
  requestBody: z.object({ content: media.loose() }).optional(),
  responses: z.record(z.string(), z.record(z.string(), z.unknown())),
});
const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  Object.entries(item).map(([method, value]) => Object.assign(operation.parse(value), { path, method })),
);
const byRoute = (route: (typeof routes)[number]) => {
  const found = operations.find(({ path, method }) => path === route.path && method === route.method.toLowerCase());
  if (!found) throw new Error(`${route.procedure} has no operation`);
  return found;
};

test('what makes a thing that has an id answers 201', () => {
  const making = routes.filter(({ procedure }) => procedure.endsWith('.create'));
  expect(making.length).toBeGreaterThan(5);
  for (const route of making) expect.soft(Object.keys(byRoute(route).responses), route.procedure).toContain('201');
});

test('every list stands under the same name, and every part of one ends with a cursor', () => {
  const answers = routes.map((route) => ({ route, text: JSON.stringify(byRoute(route).responses) }));
  for (const { route, text } of answers) expect.soft(/"rows":\{"type":"array"/.test(text), route.procedure).toBe(false);
});

test('the document is OpenAPI 3.1 and every operation says what it is, who may and how it fails', () => {
  expect(document).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' }, servers: [{ url: '/api/v1' }] });
  expect(operations.length).toBe(routes.length);
  for (const { operationId, responses, tags, description, ...one } of operations) {
    expect
      .soft(Object.keys(responses), operationId)
      .toEqual(expect.arrayContaining(['400', '403', '429', '500', '503']));
    const isOpen = one['x-permission'] === 'public';
    expect.soft(isOpen || '401' in responses, operationId).toBe(true);
    expect.soft(!one.path.includes('{') || '404' in responses, operationId).toBe(true);
    expect
      .soft(
        Object.keys(responses).filter((status) => status.startsWith('2')),
        operationId,
      )
      .toHaveLength(1);
    expect
      .soft(
        document.tags?.map(({ name }) => name),
        operationId,
      )
      .toContain(tags[0]);
    expect.soft(description, operationId).not.toContain('undefined');
  }
});

test('names of operations are stable and unique', () => {
  const ids = operations.map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(
    expect.arrayContaining(['camerasList', 'camerasGet', 'camerasCreate', 'earthView', 'systemHealth']),
  );
});

test('every reference leads somewhere, and nothing stands there unused', () => {
  const text = JSON.stringify(document);
  const references = new Set([...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path));
  for (const reference of references) {
    let step: unknown = document;
    for (const part of reference.split('/'))
      step = typeof step === 'object' && step ? Reflect.get(step, part) : undefined;
    expect.soft(step, reference).toBeTypeOf('object');
  }
  for (const name of Object.keys(document.components?.schemas ?? {}))
    expect.soft(references, name).toContain(`components/schemas/${name}`);
});

test('every field of a path is a parameter, and no path matches two operations of a method', () => {
  for (const { path, parameters = [], operationId } of operations) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    const declared = parameters.filter((one) => one['in'] === 'path').map((one) => String(one['name']));
    expect.soft(new Set(declared), operationId).toEqual(new Set(named));
  }
  const shapes = operations.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`);
  expect(new Set(shapes).size).toBe(shapes.length);
});

test.each(routes.map((route) => [route.procedure, route] as const))(
  '%s: its example is taken by its own schemas',
  (_name, route) => {
    const { parameters = [], requestBody, responses } = byRoute(route);
    const inAddress = parameters.flatMap((one): [string, unknown][] =>
      'example' in one ? [[String(one['name']), one['example']]] : [],
    );
    const body = requestBody?.content['application/json'].example;
    const given: Record<string, unknown> = {
      ...Object.fromEntries<unknown>(inAddress),
      ...z.record(z.string(), z.unknown()).parse(body ?? {}),
    };
    expect(route.input?.safeParse(given).error ?? null).toBeNull();
    const success = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];
    const { content } = z.object({ content: media.optional() }).parse(success);
    expect(content === undefined).toBe(route.output === null);
    if (!content || !route.output) return;
    const answer = z.record(z.string(), z.unknown()).parse(content['application/json'].example);
    const takes = (value: unknown) => route.output?.safeParse(value).success === true;
    expect([answer, answer['items'], answer['value']].some(takes)).toBe(true);
  },
);

test('unknown fields are refused where something is changed, and the document says so of requests alone', () => {
  const closed = ({ requestBody }: (typeof operations)[number]) =>
    z
      .object({ additionalProperties: z.literal(false) })
      .or(z.object({ anyOf: z.array(z.object({ additionalProperties: z.literal(false) })) }))
      .safeParse(requestBody?.content['application/json'].schema).success;
  const bodies = operations.filter(({ requestBody }) => requestBody);
  const open = bodies.filter((one) => !closed(one)).map(({ operationId }) => operationId);
  // OAuth2's own addresses ignore what they do not know (RFC 6749 §3.2).
  expect(open.toSorted()).toEqual(['authLogin', 'authRefresh', 'authRevoke']);
  const answers = [document.components?.schemas, operations.map(({ responses }) => responses)];
  expect(JSON.stringify(answers)).not.toContain('"additionalProperties":false');
});

test('every capability has an address, or a reason to have none', () => {
  const all = Object.keys(appRouter._def.procedures);
  const reached = new Set(routes.map(({ procedure }) => procedure));
  expect(all.filter((name) => !reached.has(name) && !(name in withoutAddress))).toEqual([]);
  expect(Object.keys(withoutAddress).filter((name) => reached.has(name))).toEqual([]);
});

const flat = 'another procedure says the same in flat words';
const browser = 'of a browser and its cookie';
const ownHands = 'asks for a proof that the person sits at this browser, which no key can give';
const goesOn = 'goes on telling, over the WebSocket';
const withoutAddress: Record<string, string> = {
  'cameras.update': flat,
  'earth.view': flat,
  'earth.labels': flat,
  'earth.coverage': flat,
  'account.signUp': '`auth.register` is the same for machines',
  'account.requestReset': '`auth.passwordReset` is the same for machines',
  'account.reset': '`auth.passwordReset` is the same for machines',
  'invitations.look': 'of the page that an invitation leads to',
  'identity.ownerMissing': '`welcome.state` says it',
  'identity.signIn': browser,
  'identity.signInByPasskey': browser,
  'identity.signInByOidc': browser,
  'identity.signOut': browser,
  'identity.prove': ownHands,
  'identity.totpSetup': ownHands,
  'identity.totpConfirm': ownHands,
  'identity.totpOff': ownHands,
  'identity.recoveryCodes': ownHands,
  'identity.externals': ownHands,
  'identity.linkExternal': ownHands,
  'identity.unlinkExternal': ownHands,
  'passkeys.registrationOptions': ownHands,
  'passkeys.register': ownHands,
  'passkeys.list': ownHands,
  'passkeys.rename': ownHands,
  'passkeys.remove': ownHands,
  'passkeys.signInOptions': browser,
  'passkeys.proofOptions': ownHands,
  'users.viewAs': browser,
  'objects.names': 'of the page that shows the audit log, whose entries name things by their ids',
  'activity.watch': goesOn,
  'cameras.watch': goesOn,
  'system.watch': goesOn,
};
