import type { Page } from '@playwright/test';
import { z } from 'zod';

import { ask, change } from './kept-mail.ts';
import { makePerson } from './new-person.ts';
import { openIdProvider, type OpenIdProvider } from './open-id-provider.ts';
import { expect, expectAccessible, ownerState, test } from './page-fixture.ts';

/** The link that one part makes is what the next ones sign in by. */
test.describe.configure({ mode: 'serial' });

/**
 * `npm test` starts the system with these and gives them on; the provider itself runs here, on the issuer's port. By hand:
 * `export OIDC_ISSUER=http://127.0.0.1:4010 OIDC_CLIENT_ID=sensorium OIDC_CLIENT_SECRET=… OIDC_NAME='Test provider'` where the system is started and
 * where Playwright is.
 */
const given = {
  issuer: process.env['OIDC_ISSUER'] ?? '',
  clientId: process.env['OIDC_CLIENT_ID'] ?? '',
  clientSecret: process.env['OIDC_CLIENT_SECRET'] ?? '',
  name: process.env['OIDC_NAME'] ?? '',
};
const person = {
  name: 'Mika Sato',
  email: `mika-${Date.now()}@example.org`,
  password: 'three swallows under the eaves',
};
const theirs = { subject: `at-the-provider-${Date.now()}`, callback: '/api/auth/callback/oidc' };
const way = `Go on with ${given.name}`;
const whoIsThere = z.object({ email: z.string() }).nullable();

let provider: OpenIdProvider;

async function enter(page: Page, subject: string): Promise<void> {
  await page.getByLabel('Who are you?').fill(subject);
  await page.getByRole('button', { name: 'Continue' }).click();
}

async function signInByProvider(page: Page, subject: string, next = '/'): Promise<void> {
  await page.goto(`/login?next=${next}`);
  await page.getByRole('button', { name: way }).click();
  await enter(page, subject);
}

const me = async (page: Page) => whoIsThere.parse(await ask(page.request, 'identity.me', null));

test.beforeAll(async ({ browser, baseURL }) => {
  expect(given, 'OIDC_ISSUER and its like').not.toMatchObject({ issuer: '' });
  provider = await openIdProvider({ ...given, redirectUri: new URL(theirs.callback, baseURL).href });
  provider.people.set('nobody-here', { name: 'Nobody Here', email: 'nobody@example.org', email_verified: true });
  provider.people.set(theirs.subject, { name: 'M. Sato', email: person.email, email_verified: true });
  const owner = await browser.newContext({ storageState: ownerState });
  await makePerson(browser, owner.request, person);
  await owner.close();
});

test.afterAll(() => provider?.close());

test('somebody whom the house does not know is refused in words where nobody can make an account', async ({ page }) => {
  await page.goto('/login');
  await expect(page.getByRole('button', { name: way })).toBeVisible();
  await expectAccessible(page);
  await signInByProvider(page, 'nobody-here');
  await expect(page).toHaveURL(/\/login\?error=signUpClosed/);
  await expect(page.getByText('No account here belongs to it, and nobody can make one that way.')).toBeVisible();
  await expectAccessible(page);
  expect(await me(page)).toBeNull();
});

test('the way to the provider is tied to this browser by state, nonce and PKCE, new ones each time', async ({
  page,
  baseURL,
}) => {
  await page.goto('/login');
  await page.getByRole('button', { name: way }).click();
  await expect(page.getByLabel('Who are you?')).toBeVisible();
  const [before, request] = provider.asked.slice(-2);
  expect(request).toMatchObject({
    client_id: given.clientId,
    response_type: 'code',
    scope: 'openid email profile',
    redirect_uri: new URL(theirs.callback, baseURL).href,
    code_challenge_method: 'S256',
  });
  for (const secret of ['state', 'nonce', 'code_challenge']) {
    expect(request?.[secret]?.length, secret).toBeGreaterThan(30);
    expect(request?.[secret], secret).not.toBe(before?.[secret]);
  }
});

test('an account with the address that the provider vouches for is not taken over', async ({ page }) => {
  await signInByProvider(page, theirs.subject);
  await expect(page).toHaveURL(/\/login\?error=linkFirst/);
  await expect(page.getByText('An account has this address. Sign in with its password first')).toBeVisible();
  expect(await me(page)).toBeNull();
});

test('an account is linked by whoever is signed in to it', async ({ page }) => {
  await page.goto('/login?next=/account/security');
  await page.getByLabel('E-mail or user name').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  const section = page.getByRole('region', { name: given.name });
  await section.getByRole('button', { name: 'Link' }).click();
  await enter(page, theirs.subject);
  await expect(page.getByText('The provider is linked to your account.')).toBeVisible();
  await expect(section.getByText(theirs.subject)).toBeVisible();
  await expectAccessible(page);
  expect(await me(page)).toMatchObject({ email: person.email });
});

test('the provider opens the linked account, whatever address it tells by now', async ({ page }) => {
  provider.people.set(theirs.subject, { name: 'M. Mori', email: 'mori@example.net', email_verified: false });
  await signInByProvider(page, theirs.subject, '/account/sessions');
  await expect(page).toHaveURL('/account/sessions');
  await expect(page.getByText('by provider')).toBeVisible();
  expect(await me(page)).toMatchObject({ email: person.email });
});

test('the pages are in the language that the person chose, also after the provider', async ({ page }) => {
  await signInByProvider(page, theirs.subject, '/account');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await change(page.request, 'account.updateProfile', { locale: 'ja' });
  await page.context().clearCookies();
  await signInByProvider(page, theirs.subject, '/account');
  await expect(page).toHaveURL('/account');
  await expect(page.locator('html')).toHaveAttribute('lang', 'ja');
  await change(page.request, 'account.updateProfile', { locale: null });
});

test('what the provider answered one browser signs nobody in on another', async ({ page, browser }) => {
  await page.goto('/login');
  await page.getByRole('button', { name: way }).click();
  await expect(page.getByLabel('Who are you?')).toBeVisible();
  // By hand up to the last step, which is the other browser's.
  const form = { subject: theirs.subject };
  const entered = await page.request.post(page.url(), { form, maxRedirects: 0 });
  const resumed = await page.request.get(entered.headers()['location'] ?? '', { maxRedirects: 0 });
  const answer = resumed.headers()['location'] ?? '';
  expect(answer).toContain(`${theirs.callback}?code=`);
  const other = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const elsewhere = await other.newPage();
  await elsewhere.goto(answer);
  await expect(elsewhere).toHaveURL(/\/login\?.*error=OAuthCallback/);
  await expect(elsewhere.getByText('Signing in did not work. Try again.')).toBeVisible();
  expect(await me(elsewhere)).toBeNull();
  await other.close();
});

test('a link that is taken back opens nothing any more', async ({ page }) => {
  await signInByProvider(page, theirs.subject, '/account/security');
  const section = page.getByRole('region', { name: given.name });
  await section.getByRole('button', { name: 'Unlink' }).click();
  await expect(page.getByText('The link is gone.')).toBeVisible();
  await expect(section.getByRole('button', { name: 'Link' })).toBeVisible();
  await page.context().clearCookies();
  await signInByProvider(page, theirs.subject);
  await expect(page).toHaveURL(/\/login\?error=emailUnverified/);
  await expect(page.getByText('The provider does not vouch for your e-mail address.')).toBeVisible();
  expect(await me(page)).toBeNull();
});
