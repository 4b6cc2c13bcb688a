import type { Browser, BrowserContext, CDPSession, Page } from '@playwright/test';
import { Secret, TOTP } from 'otpauth';
import { z } from 'zod';

import { ask, change, linkInMail } from './kept-mail.ts';
import { expect, expectAccessible, owner as asOwner, ownerState, test } from './page-fixture.ts';

/** One person's whole way through the house: each part needs the one before. */
test.describe.configure({ mode: 'serial' });

const person = {
  name: 'Ren Okada',
  email: 'ren@example.org',
  password: 'a heron below the weir',
  next: 'two herons above the weir',
  last: 'three herons beside the weir',
  otherEmail: 'ren.okada@example.org',
};
const signIns = z.array(z.object({ createdAt: z.string() }));
const invitationMade = z.object({ link: z.string() });
const stepMs = 30_000;

let home: BrowserContext;
let page: Page;
let owner: BrowserContext;
let totp: TOTP;
let recoveryCodes: string[];
let device: { session: CDPSession; authenticatorId: string };
const faults: string[] = [];

const anonymous = (browser: Browser) => browser.newContext({ storageState: { cookies: [], origins: [] } });

test.beforeAll(async ({ browser }) => {
  owner = await browser.newContext({ storageState: ownerState });
  home = await anonymous(browser);
  page = await home.newPage();
  page.on('pageerror', (error) => faults.push(error.stack ?? error.message));
  page.on('console', (message) => {
    // Refusals are what some of these steps look for; the browser reports each.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) faults.push(message.text());
  });
});

test.afterAll(async () => {
  await home.close();
  await owner.close();
  expect(faults, 'console of the page').toEqual([]);
});

/** Back to a page without a globe, which a machine without a graphics card draws for seconds. */
const afterSignIn = '/account/sessions';

async function fillSignIn(at: Page, password: string): Promise<void> {
  await at.goto(`/login?next=${afterSignIn}`);
  await at.getByLabel('E-mail or user name').fill(person.email);
  await at.getByLabel('Password', { exact: true }).fill(password);
  await at.getByRole('button', { name: 'Sign in', exact: true }).click();
}

async function signOut(): Promise<void> {
  await page.getByRole('button', { name: 'Account', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByText('You are signed out.')).toBeVisible();
}

async function signInByRecovery(at: Page, password: string): Promise<void> {
  await fillSignIn(at, password);
  await at.getByRole('button', { name: 'Use a recovery code' }).click();
  await at.getByLabel('Recovery code').fill(recoveryCodes.pop() ?? '');
  await at.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(at).toHaveURL(afterSignIn);
}

async function shownCodes(): Promise<string[]> {
  const codes = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
  await expect(codes).toHaveCount(10);
  return codes.allInnerTexts();
}

test('an invitation makes an account that is signed in, and the kept mail confirms its address', async () => {
  const { link } = invitationMade.parse(await change(owner.request, 'invitations.create', { roleIds: ['viewer'] }));
  const invitation = new URL(link);
  await page.goto(invitation.pathname + invitation.hash);
  await expect(page.getByText('invites you')).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('Name').fill(person.name);
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill('password1234');
  await page.getByRole('button', { name: 'Make the account' }).click();
  await expect(page.getByText('among the first that are tried')).toBeVisible();
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Make the account' }).click();
  await expect(page).toHaveURL('/');
  await page.goto('/account');
  await expect(page.getByText('This address is not confirmed.')).toBeVisible();
  await page.goto(await linkInMail(owner.request, person.email, 'Confirm your e-mail'));
  await page.getByRole('button', { name: 'Confirm the address' }).click();
  await expect(page.getByRole('heading', { name: 'The address is confirmed' })).toBeVisible();
  await page.getByRole('link', { name: 'To your account' }).click();
  await expect(page.getByText('Confirmed', { exact: true })).toBeVisible();
  // What is not theirs says so, and what to do.
  await page.goto('/admin/audit');
  await expect(page.getByRole('heading', { name: 'Audit log: not for this account' })).toBeVisible();
  await expect(page.getByText('It needs the permission audit:view. Ask an administrator')).toBeVisible();
});

test('name, language, time zone and picture are changed, and take effect', async () => {
  await page.goto('/account');
  await page.getByLabel('User name').fill('ren.okada');
  await page.getByLabel('Language').selectOption('日本語');
  await page.getByLabel('Time zone').selectOption('Pacific/Chatham');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByLabel('言語').selectOption('English');
  await page.getByRole('button', { name: '保存' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Profile' })).toBeVisible();
  await page.getByRole('navigation', { name: 'Account' }).getByRole('link', { name: 'Sign-ins' }).click();
  const [here] = signIns.parse(await ask(page.request, 'sessions.list', null));
  const inZone = new Intl.DateTimeFormat('en', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'Pacific/Chatham',
  });
  await expect(page.getByText(`signed in ${inZone.format(new Date(here?.createdAt ?? 0))}`)).toBeVisible();
  await page.getByRole('navigation', { name: 'Account' }).getByRole('link', { name: 'Profile' }).click();
  const files = page.locator('input[type=file]');
  await files.setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') });
  await expect(page.getByText('Choose a JPEG, PNG or WebP picture.')).toBeVisible();
  await files.setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await expect(page.getByRole('button', { name: 'Use this picture' })).toBeHidden();
  await expect(page.getByRole('alert').filter({ hasText: 'Choose a JPEG, PNG or WebP picture.' })).toBeVisible();
  const png = await page.screenshot({ clip: { x: 0, y: 0, width: 320, height: 200 } });
  await files.setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: png });
  await page.getByRole('button', { name: 'Use this picture' }).click();
  await expect(page.getByText('The picture is yours now.')).toBeVisible();
  await expect(page.locator('main img[src^="/pictures/"]')).toBeVisible();
  await expectAccessible(page);
});

test('the second factor is set up by its secret and asked for at the next sign-in', async () => {
  await page.goto('/account/security');
  await page.getByRole('button', { name: 'Set up' }).click();
  const secret = (await page.getByTestId('totp-secret').innerText()).replaceAll(/\s/g, '');
  totp = new TOTP({ secret: Secret.fromBase32(secret) });
  await page.getByLabel('Six digits that the app shows').fill(totp.generate());
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Turn on' }).click();
  recoveryCodes = await shownCodes();
  expect(new Set(recoveryCodes).size).toBe(10);
  // Printed, there is nothing but them, dark on white.
  await page.emulateMedia({ media: 'print' });
  const sheet = page.locator('.print-sheet');
  for (const code of recoveryCodes) await expect(sheet).toContainText(code);
  await expect(sheet).toHaveCSS('color', 'rgb(0, 0, 0)');
  await expect(page.locator('html')).toHaveCSS('background-color', 'rgb(255, 255, 255)');
  await expect(page.locator('body > :visible')).toHaveCount(1);
  await page.emulateMedia({ media: null });
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await expect(page.getByText('On · 10 recovery codes left')).toBeVisible();
  await signOut();
  await fillSignIn(page, person.password);
  await page.getByLabel('Six digits').fill('000000');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByText('The code does not fit.')).toBeVisible();
  await expectAccessible(page);
  // The code of this half minute was used up by setting it up; the next one's is taken already.
  await page.getByLabel('Six digits').fill(totp.generate({ timestamp: Date.now() + stepMs }));
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(afterSignIn);
});

test('what could lock somebody out asks once more who is there', async () => {
  await page.goto('/account/security');
  // As the server says it when the sign-in is ten minutes old.
  await page.route(
    '**/trpc/identity.recoveryCodes*',
    (route) => {
      const error = {
        code: 'FORBIDDEN',
        message: 'proof',
        details: { reason: 'proof' },
        timestamp: new Date().toISOString(),
      };
      const data = { code: 'FORBIDDEN', httpStatus: 403, path: 'identity.recoveryCodes', error };
      return route.fulfill({ status: 403, json: [{ error: { json: { message: 'proof', code: -32_003, data } } }] });
    },
    { times: 1 },
  );
  await page.getByRole('button', { name: 'New recovery codes' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'New recovery codes' }).click();
  const dialog = page.getByRole('dialog', { name: 'Is it still you?' });
  await dialog.getByLabel('Password', { exact: true }).fill(person.password);
  await expectAccessible(page);
  await dialog.getByLabel('Code').fill(recoveryCodes.pop() ?? '');
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  recoveryCodes = await shownCodes();
  await page.getByRole('button', { name: 'I have kept them' }).click();
});

test('a passkey is added and signs in by itself', async () => {
  const session = await home.newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  device = { session, authenticatorId };
  await page.goto('/account/security');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('Test bench');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByText('Test bench is added.')).toBeVisible();
  await page.getByRole('button', { name: 'Rename Test bench' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('Work laptop');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('button', { name: 'Remove Work laptop' })).toBeVisible();
  await signOut();
  // Nobody touches the device until the button is pressed: the browser's own offer waits meanwhile.
  await session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled: false });
  await page.goto('/login?next=/account/sessions');
  await expectAccessible(page);
  await session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled: true });
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page).toHaveURL('/account/sessions');
  await expect(page.getByText('by passkey')).toBeVisible();
  await session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled: false });
});

test('other browsers are signed out from here', async ({ browser }) => {
  const elsewhere = await anonymous(browser);
  const other = await elsewhere.newPage();
  await signInByRecovery(other, person.password);
  await page.goto('/account/sessions');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'End all others' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End all others' }).click();
  await expect(page.getByText('You are signed in nowhere else.')).toBeVisible();
  await other.goto('/account/sessions');
  await expect(other).toHaveURL(/\/login\?next=\/account\/sessions/);
  await elsewhere.close();
});

test('a key opens what it is for and nothing else, until it is revoked', async ({ playwright, baseURL }) => {
  await page.goto('/account/keys');
  await page.getByRole('button', { name: 'Make a key' }).click();
  const form = page.getByRole('form', { name: 'Make a key' });
  await form.getByLabel('Name').fill('Night watch');
  await form.getByRole('button', { name: 'Make a key' }).click();
  await expect(page.getByText('Choose at least one thing')).toBeVisible();
  await form.getByLabel('See cameras').check();
  await expectAccessible(page);
  await form.getByRole('button', { name: 'Make a key' }).click();
  const secret = await page.getByTestId('key-secret').innerText();
  await expect(page.getByRole('list', { name: 'Your keys' }).getByText('Night watch')).toBeVisible();
  const program = await playwright.request.newContext({
    ...(baseURL === undefined ? {} : { baseURL }),
    extraHTTPHeaders: { authorization: `Bearer ${secret}` },
  });
  expect((await program.get('/api/v1/cameras')).status()).toBe(200);
  expect((await program.get('/api/v1/keys')).status()).toBe(403);
  await page.getByRole('button', { name: 'Revoke Night watch' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByText('Night watch is revoked.')).toBeVisible();
  expect((await program.get('/api/v1/cameras')).status()).toBe(401);
  await program.dispose();
});

test('an admin who looks as this person is told so on every page, and comes back', async () => {
  const looking = await owner.newPage();
  await looking.goto(`/admin/people?q=${person.email}`);
  await looking.getByRole('row').filter({ hasText: person.email }).getByRole('button').click();
  await looking.getByRole('button', { name: 'View as' }).click();
  await looking.getByRole('dialog').getByRole('button', { name: 'View', exact: true }).click();
  await looking.waitForURL('/', { waitUntil: 'commit' });
  await looking.goto('/account');
  const banner = looking.getByRole('region', { name: 'Viewing as somebody else' });
  await expect(banner).toContainText(`you see the house as ${person.name}`);
  await expectAccessible(looking);
  await looking.getByLabel('Name', { exact: true }).fill('Somebody else');
  await looking.getByRole('button', { name: 'Save' }).click();
  await expect(looking.getByText('You look at the house as somebody else: nothing can be changed.')).toBeVisible();
  await banner.getByRole('button', { name: 'Back to myself' }).click();
  await expect(banner).toHaveCount(0);
  await looking.goto('/account');
  await expect(looking.getByLabel('Name', { exact: true })).toHaveValue(asOwner.name);
  await looking.close();
});

test('the kept mail sets another password, and the one before opens nothing', async () => {
  await signOut();
  // As it is answered once an account was tried too often.
  await page.route(
    '**/api/auth/callback/credentials*',
    (route) =>
      route.fulfill({ status: 401, json: { url: new URL('/login?error=TOO_MANY_REQUESTS%3A30', page.url()).href } }),
    { times: 1 },
  );
  await fillSignIn(page, 'not the password');
  await expect(page.getByText(/Try again in (?:30|29) seconds/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeDisabled();
  await expect(page.getByText(/Try again in 2[5-8] seconds/)).toBeVisible();
  await page.goto('/password-reset');
  await expectAccessible(page);
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await expect(page.getByRole('heading', { name: 'Look into your mail' })).toBeVisible();
  await page.goto(await linkInMail(owner.request, person.email, 'Set a new password'));
  await page.getByLabel('New password').fill(person.next);
  await page.getByRole('button', { name: 'Set the password' }).click();
  await expect(page.getByRole('heading', { name: 'The password is set' })).toBeVisible();
  await fillSignIn(page, person.password);
  await expect(page.getByText('E-mail or password is wrong.')).toBeVisible();
  await signInByRecovery(page, person.next);
});

test('the passkey and the second factor are taken away', async () => {
  await page.goto('/account/security');
  await page.getByRole('button', { name: 'Remove Work laptop' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('Work laptop is removed.')).toBeVisible();
  await page.getByRole('button', { name: 'Turn off' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click();
  await expect(page.getByText('The second factor is off.')).toBeVisible();
  await device.session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: device.authenticatorId });
});

test('another address is asked for, given up, asked for again and confirmed, and the old mailbox takes it back', async () => {
  const askFor = async () => {
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    await page.getByLabel('New e-mail').fill(person.otherEmail);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await expect(page.getByText(`${person.otherEmail} waits to be confirmed.`)).toBeVisible();
  };
  await page.goto('/account');
  await askFor();
  await page.getByRole('button', { name: 'Keep the old address' }).click();
  await expect(page.getByText(`${person.email} stays your address.`)).toBeVisible();
  await expect(page.getByText('waits to be confirmed')).toHaveCount(0);
  await askFor();
  await page.goto(await linkInMail(owner.request, person.otherEmail, 'Confirm your new e-mail'));
  await page.getByRole('button', { name: 'Use this address' }).click();
  await expect(page.getByRole('heading', { name: 'Your address is changed' })).toBeVisible();
  await page.goto(await linkInMail(owner.request, person.email, 'Your e-mail address was changed'));
  await page.getByRole('button', { name: 'Take it back' }).click();
  await expect(page.getByRole('heading', { name: 'The address is back' })).toBeVisible();
  await page.getByLabel('New password').fill(person.last);
  await page.getByRole('button', { name: 'Set the password' }).click();
  await expect(page.getByRole('heading', { name: 'The password is set' })).toBeVisible();
  await fillSignIn(page, person.last);
  await expect(page).toHaveURL(afterSignIn);
});

test('own data is taken along, and the account is deleted by typing its address', async () => {
  await page.goto('/account/own-data');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download' }).click();
  expect((await download).suggestedFilename()).toMatch(/^sensorium-ren\.okada-\d{4}-\d{2}-\d{2}\.json$/);
  await page.getByRole('button', { name: 'Delete account' }).click();
  await page.getByLabel(/Type ren@example.org/).fill('ren@example.com');
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await expect(page.getByText('Type your own address exactly.')).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel(/Type ren@example.org/).fill(person.email);
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await expect(page.getByText('Your account is deleted.')).toBeVisible();
  await fillSignIn(page, person.last);
  await expect(page.getByText('E-mail or password is wrong.')).toBeVisible();
});
