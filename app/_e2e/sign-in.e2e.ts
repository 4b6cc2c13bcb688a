import type { Page } from '@playwright/test';
import { z } from 'zod';

import { ask } from './kept-mail.ts';
import { makePerson } from './new-person.ts';
import { expect, owner, test } from './page-fixture.ts';

const answer = z.object({ result: z.object({ data: z.object({ json: z.unknown() }) }) });
/** What the browser itself checks. */
const creation = z.object({ challengeId: z.string(), options: z.custom<PublicKeyCredentialCreationOptionsJSON>() });
const request = z.object({ challengeId: z.string(), options: z.custom<PublicKeyCredentialRequestOptionsJSON>() });
const whoIsThere = z.object({ email: z.string(), viewedBy: z.string().nullable() }).nullable();
const found = z.object({ items: z.array(z.object({ id: z.string() })) });
const views = z.array(z.object({ id: z.string(), name: z.string() }));
const entered = z.object({ url: z.string() });

async function write(page: Page, procedure: string, input: unknown = null): Promise<unknown> {
  const response = await page.request.post(`/trpc/${procedure}`, { data: { json: input } });
  return answer.parse(await response.json()).result.data.json;
}

async function read(page: Page, procedure: string): Promise<unknown> {
  const response = await page.request.get(`/trpc/${procedure}`);
  return answer.parse(await response.json()).result.data.json;
}

const me = async (page: Page) => whoIsThere.parse(await read(page, 'identity.me'));

/** As next-auth's own forms do it. Where the browser would be sent. */
async function submit(page: Page, action: string, fields: Record<string, string>): Promise<string> {
  const { csrfToken } = z
    .object({ csrfToken: z.string() })
    .parse(await (await page.request.get('/api/auth/csrf')).json());
  const response = await page.request.post(`/api/auth/${action}`, { form: { ...fields, csrfToken, json: 'true' } });
  return entered.parse(await response.json()).url;
}

/** Of our origin; what it shows does not matter. */
const somePage = '/cameras';

const sessionCookie = async (page: Page) =>
  (await page.context().cookies()).find(({ name }) => name.endsWith('next-auth.session-token'));

const withPassword = (page: Page, more: Record<string, string> = {}) =>
  submit(page, 'callback/credentials', { email: owner.email, password: owner.password, ...more });

test('a password typed before the page’s scripts run never lands in the address', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, locale: 'en-US', baseURL: baseURL ?? '' });
  const page = await context.newPage();
  await page.goto('/login');
  await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeDisabled();
  await page.getByLabel('E-mail or user name').fill(owner.email);
  await page.getByLabel('Password', { exact: true }).fill(owner.password);
  await page.getByLabel('Password', { exact: true }).press('Enter');
  await expect(page).toHaveURL('/login');
  await context.close();
});

test('each sign-in is another session, the one before it ends, and it leads to no foreign page', async ({ page }) => {
  await page.goto(somePage);
  await withPassword(page);
  const first = await sessionCookie(page);
  expect(first).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
  const address = await withPassword(page, { callbackUrl: 'https://evil.example/' });
  expect(new URL(address).origin).toBe(new URL(page.url()).origin);
  const second = await sessionCookie(page);
  const whoHolds = async (value = '') => {
    await page.context().addCookies([{ name: first?.name ?? '', value, url: new URL('/', page.url()).href }]);
    return me(page);
  };
  // The pages' process ended it; the gateway hears of it sooner than it would forget by itself (5 s).
  await expect.poll(() => whoHolds(first?.value), { timeout: 3000 }).toBeNull();
  expect(await whoHolds(second?.value)).toMatchObject({ email: owner.email });
  await submit(page, 'signout', {});
  await expect.poll(() => whoHolds(second?.value), { timeout: 3000 }).toBeNull();
});

test('whoever signs in while an admin looks at the house as somebody else ends the look and the admin’s session', async ({
  page,
  browser,
}) => {
  await page.goto(somePage);
  await withPassword(page);
  const ofOwner = await sessionCookie(page);
  const person = {
    name: 'Ren Mori',
    email: `ren-${Date.now()}@example.org`,
    password: 'three swallows under the eaves',
  };
  await makePerson(browser, page.request, person);
  const { items } = found.parse(await ask(page.request, 'users.list', { query: person.email }));
  await write(page, 'users.viewAs', { id: items[0]?.id });
  expect(await me(page)).toMatchObject({ email: person.email, viewedBy: owner.name });
  await submit(page, 'callback/credentials', { email: person.email, password: person.password });
  expect(await me(page)).toMatchObject({ email: person.email, viewedBy: null });
  const names = (await page.context().cookies()).map(({ name }) => name);
  expect(names.filter((name) => name.endsWith('sensorium.view-as'))).toEqual([]);
  const { name = '', value = '' } = ofOwner ?? {};
  await page.context().addCookies([{ name, value, url: new URL('/', page.url()).href }]);
  await expect.poll(() => me(page), { timeout: 3000 }).toBeNull();
});

test('a passkey of the device signs in without a password', async ({ page, context }) => {
  await page.goto(somePage);
  await withPassword(page);
  const devTools = await context.newCDPSession(page);
  await devTools.send('WebAuthn.enable');
  await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const asked = creation.parse(await write(page, 'passkeys.registrationOptions'));
  const made: unknown = await page.evaluate(async (options) => {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    const credential = await navigator.credentials.create({ publicKey });
    return credential instanceof PublicKeyCredential ? credential.toJSON() : null;
  }, asked.options);
  await write(page, 'passkeys.register', { challengeId: asked.challengeId, response: made, name: 'Test device' });
  await submit(page, 'signout', {});
  expect(await me(page)).toBeNull();

  const { challengeId, options: toAnswer } = request.parse(await write(page, 'passkeys.signInOptions'));
  const given: unknown = await page.evaluate(async (options) => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    const credential = await navigator.credentials.get({ publicKey });
    return credential instanceof PublicKeyCredential ? credential.toJSON() : null;
  }, toAnswer);
  await submit(page, 'callback/passkey', { challengeId, response: JSON.stringify(given) });
  expect(await me(page)).toMatchObject({ email: owner.email });
  const mine = views.parse(await read(page, 'passkeys.list')).find(({ name }) => name === 'Test device');
  await write(page, 'passkeys.remove', { id: mine?.id });
});
