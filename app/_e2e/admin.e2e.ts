import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';

import Papa from 'papaparse';
import { z } from 'zod';

import { change } from './kept-mail.ts';
import { expect, expectAccessible, owner, ownerState, test } from './page-fixture.ts';

test.use({ storageState: ownerState });

/** Somebody else's system, which says yes to what it is told until it is told to answer otherwise. */
async function listener() {
  const heard: { type: string; signature: string }[] = [];
  let answer = 204;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const message: unknown = JSON.parse(body);
      const type = typeof message === 'object' && message !== null ? String(Reflect.get(message, 'type')) : '';
      heard.push({ type, signature: String(request.headers['webhook-signature']) });
      response.writeHead(answer).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  const answerWith = (status: number) => {
    answer = status;
  };
  return { heard, port, close, answerWith };
}

test('invites somebody, gives them a role for one camera, locks and unlocks them, and reads of it', async ({
  page,
  browser,
}) => {
  // Two people at two browsers, from the invitation to the audit log.
  test.setTimeout(120_000);
  const email = `operator-${Date.now()}@example.org`;
  await page.goto('/admin');
  const sections = page.getByRole('navigation', { name: 'Administration' });
  await expect(sections.getByRole('link', { name: 'Audit log' })).toBeVisible();
  await expectAccessible(page);

  await sections.getByRole('link', { name: 'People' }).click();
  await page.getByRole('link', { name: 'Invite', exact: true }).click();
  const invitation = page.getByRole('region', { name: 'New invitation' });
  await invitation.getByLabel('E-mail').fill(email);
  await invitation.getByRole('checkbox', { name: 'Operator' }).check();
  await page.getByRole('button', { name: 'Make the link' }).click();
  const link = page.getByLabel('Link of the invitation');
  await expect(link).toHaveValue(/\/signup#/);
  await expect(page.getByRole('status', { name: 'Newest change' })).toContainText('invited somebody');
  await expectAccessible(page);

  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const invited = await context.newPage();
  await invited.goto(await link.inputValue());
  await invited.getByLabel('Name', { exact: true }).fill('Ken Operator');
  await expect(invited.getByLabel('E-mail')).toHaveValue(email);
  await invited.getByLabel('Password', { exact: true }).fill('another sentence of words');
  await invited.getByRole('button', { name: 'Make the account' }).click();
  await expect(invited.getByText('Welcome, Ken Operator.')).toBeVisible();
  await context.close();

  await page.goto('/admin/people');
  await page.getByRole('searchbox').fill(email);
  await expect(page).toHaveURL(/q=operator-/);
  const row = page.getByRole('row').filter({ hasText: email });
  await expect(row).toContainText('Operator');
  await row.getByRole('button').press('Enter');
  const panel = page.getByRole('region', { name: 'Ken Operator' });
  await expect(panel).toBeVisible();
  await expectAccessible(page);
  await panel.getByLabel('Role', { exact: true }).selectOption('Viewer');
  await panel.getByLabel('Reach').selectOption('for one camera');
  await panel.getByRole('combobox', { name: 'Camera' }).focus();
  const first = panel.getByRole('listbox', { name: 'Camera' }).getByRole('option').first();
  await expect(first).toBeVisible();
  const camera = (await first.textContent()) ?? 'none';
  await first.click();
  await panel.getByRole('button', { name: 'Give this role' }).click();
  const viewer = panel.getByRole('listitem').filter({ hasText: 'Viewer' });
  await expect(viewer).toContainText(camera);
  await viewer.getByRole('button', { name: 'Take Viewer away' }).click();
  await expect(viewer).toHaveCount(0);
  await panel.getByLabel('Role', { exact: true }).selectOption('Viewer');
  await panel.getByRole('button', { name: 'Give this role' }).click();
  await expect(viewer).toContainText('for everything');

  await panel.getByRole('button', { name: 'Send reset' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByText(`The link to a new password goes to ${email}.`)).toBeVisible();
  await expect(panel.getByText('Sessions (1)')).toBeVisible();
  await panel.getByRole('button', { name: 'Sign out everywhere' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(panel.getByText('Signed in nowhere.')).toBeVisible();

  await panel.getByRole('button', { name: 'Lock', exact: true }).click();
  await page.getByLabel('Reason').fill('left the night shift');
  await page.getByRole('button', { name: 'Lock out' }).click();
  await expect(panel.getByText('left the night shift')).toBeVisible();
  await expect(row).toContainText('locked');
  const newest = page.getByRole('status', { name: 'Newest change' }).getByRole('link');
  await expect(newest).toContainText('locked somebody out');
  const entry = (await newest.getAttribute('href')) ?? '';
  await panel.getByRole('button', { name: 'Unlock' }).click();
  await expect(row).not.toContainText('locked');
  await expect(newest).toContainText('let somebody in again');
  await page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);

  await page.goto(entry);
  const lock = page.getByRole('region', { name: 'locked somebody out' });
  await expect(lock.getByRole('deletion').filter({ hasText: 'false' })).toBeVisible();
  await expect(lock.getByRole('insertion').filter({ hasText: 'true' })).toBeVisible();
  await expect(lock.getByRole('insertion').filter({ hasText: 'left the night shift' })).toBeVisible();
  await expect(lock.getByRole('link', { name: 'Ken Operator' })).toHaveAttribute('href', /^\/admin\/people\?open=/);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Check the chain' }).click();
  await expect(page.getByText(/The chain is whole: \d+ entries fit/)).toBeVisible();

  await page.goto('/admin/mail');
  await page
    .getByRole('row')
    .filter({ hasText: email })
    .filter({ hasText: 'Set a new password' })
    .getByRole('button')
    .click();
  await page.getByRole('button', { name: 'Read it' }).click();
  await expect(page.getByRole('region', { name: 'Content' })).toContainText('/password-reset#token=');
});

test('keeps the last owner, raises a key’s limit, saves the audit log, lets somebody try again, rotates the signing key', async ({
  page,
  faults,
}) => {
  await page.goto(`/admin/people?q=${owner.email}`);
  await page.getByRole('row').filter({ hasText: owner.email }).getByRole('button').click();
  const panel = page.getByRole('region', { name: owner.name });
  await panel.getByRole('button', { name: 'Take Owner away' }).click();
  await expect(page.getByText('They are the last owner. Make somebody else an owner first.')).toBeVisible();
  await panel.getByRole('button', { name: 'Lock', exact: true }).click();
  await page.getByLabel('Reason').fill('by mistake');
  await page.getByRole('button', { name: 'Lock out' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'lock yourself out' })).toBeVisible();
  // A sign-in that is ten minutes old would be asked for a proof first.
  await change(page.request, 'identity.prove', { password: owner.password });
  await page.goto('/account/own-data');
  await page.getByRole('button', { name: 'Delete account' }).click();
  await page.getByLabel(/^Type /).fill(owner.email);
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await expect(page.getByText('A house keeps at least one owner. Make somebody else an owner first.')).toBeVisible();
  // The browser reports each of the three refusals.
  expect(faults.splice(0)).toEqual(Array.from({ length: 3 }, () => expect.stringContaining('status of 4')));

  const name = `Bench ${Date.now()}`;
  const agent = '=HYPERLINK("http://example.org")';
  const made = await page.request.post('/trpc/keys.create', {
    data: { json: { name, permissions: ['camera:view'] } },
    headers: { 'user-agent': agent },
  });
  expect(made.ok()).toBe(true);
  await page.goto('/admin/keys');
  const key = page.getByRole('row').filter({ hasText: name });
  await key.getByRole('button').click();
  await page.getByLabel('Times the ordinary limit').fill('0');
  await expect(page.getByText('A whole number from 1 to 1000.')).toBeVisible();
  await page.getByLabel('Times the ordinary limit').fill('50');
  await page.getByRole('button', { name: 'Set', exact: true }).click();
  await expect(page.getByRole('status', { name: 'Newest change' })).toContainText(
    `changed a key’s limit · key ${name}`,
  );

  // Of what the filter shows, and with nothing that a spreadsheet would run.
  await page.goto('/admin/audit?action=keys.create');
  await expect(page.getByRole('row').filter({ hasText: name })).toBeVisible();
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download CSV' }).click();
  const file = await saving;
  expect(file.suggestedFilename()).toMatch(/^audit-\d{4}-\d{2}-\d{2}\.csv$/);
  const text = (await readFile(await file.path(), 'utf8')).replace(/^\uFEFF/, '');
  const { data, errors } = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });
  expect(errors).toEqual([]);
  const columns = ['seq', 'at', 'actorName', 'ip', 'userAgent', 'action', 'outcome', 'objectId', 'before', 'after'];
  expect(Object.keys(data[0] ?? {})).toEqual(expect.arrayContaining(columns));
  expect(new Set(data.map(({ action }) => action))).toEqual(new Set(['keys.create']));
  expect(data[0]).toMatchObject({ actorName: owner.name, userAgent: `'${agent}` });

  // On a phone the entries come first, and the filters stand behind a button.
  await page.setViewportSize({ width: 390, height: 844 });
  const filters = page.getByRole('button', { name: 'Filters (1 set)' });
  await expect(filters).toHaveAttribute('aria-expanded', 'false');
  await expect(page.getByRole('combobox', { name: 'Action' })).toBeHidden();
  await filters.click();
  await page.getByRole('combobox', { name: 'Action' }).selectOption('');
  await expect(page.getByRole('button', { name: 'Filters', exact: true })).toHaveAttribute('aria-expanded', 'true');
  await page.setViewportSize({ width: 1440, height: 900 });

  const wrong = { username: 'nobody@example.org', password: 'not the password', grant_type: 'password' };
  await page.request.post('/api/v1/auth/login', { data: wrong });
  await page.goto('/admin/limits');
  const lock = page.getByRole('row').filter({ hasText: 'Account nobody@example.org' });
  await lock.getByRole('button').click();
  await page.getByRole('button', { name: 'Let them try again' }).click();
  await expect(lock).toHaveCount(0);

  await page.goto('/admin/settings');
  await page.getByRole('button', { name: 'Rotate key' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate key' }).click();
  await expect(page.getByText(/^The new key is \S+/)).toBeVisible();
});

test('makes a role of its own in the matrix, and removes it by typing its name', async ({ page }) => {
  const name = `Shift ${Date.now()}`;
  await page.goto('/admin/roles');
  await page.getByRole('button', { name: 'New role' }).click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('checkbox', { name: 'camera:view' }).check();
  await page.getByRole('checkbox', { name: 'recording:*' }).check();
  await expect(page.getByRole('checkbox', { name: 'recording:erase' })).toBeChecked();
  await page.getByRole('button', { name: 'Make the role' }).click();
  await expect(page.getByRole('row', { name: new RegExp(name) })).toContainText('made here');
  const panel = page.getByRole('region', { name });
  await expect(panel.getByRole('checkbox', { name: 'camera:view' })).toBeChecked();
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  // On a phone it is a dialog over the page: the keyboard stays in it, Esc leads back to the row.
  const sheet = page.getByRole('dialog', { name });
  await expect(sheet).toBeVisible();
  await expectAccessible(page);
  await sheet.getByRole('button', { name: 'Close' }).focus();
  await page.keyboard.press('Shift+Tab');
  await expect(sheet.locator(':focus')).toHaveCount(1);
  // The word of the button that had the focus goes first.
  await expect(page.getByRole('tooltip')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
  await expect(
    page.getByRole('navigation', { name: 'Administration' }).getByRole('link', { name: 'Roles' }),
  ).toBeInViewport();
  await page
    .getByRole('row', { name: new RegExp(name) })
    .getByRole('button')
    .click();
  await expect(sheet).toBeVisible();
  await page.setViewportSize({ width: 1440, height: 900 });
  await panel.getByRole('button', { name: 'Remove role' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Remove role' })).toBeDisabled();
  await dialog.getByRole('textbox').fill(name);
  await dialog.getByRole('button', { name: 'Remove role' }).click();
  // What stands behind a dialog can't be found by its role.
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('status', { name: 'Newest change' })).toContainText('removed a role');
  await expect(page.getByRole('row', { name: new RegExp(name) })).toHaveCount(0);
});

test('adds a webhook, gives it a new secret, and sends again what was given up', async ({ page }) => {
  const other = await listener();
  try {
    await page.goto('/admin/webhooks');
    await page.getByRole('button', { name: 'Add webhook' }).click();
    const url = `http://127.0.0.1:${other.port}/told`;
    await page.getByLabel('Address').fill(url);
    await page.getByRole('checkbox', { name: 'camera.added' }).check();
    await page.getByRole('button', { name: 'Add it' }).click();
    await expect(page.getByLabel('Secret of the signatures')).toHaveValue(/^whsec_/);
    await page.getByRole('button', { name: 'Send a test' }).click();
    const delivery = page.getByRole('list', { name: 'Deliveries' }).getByRole('listitem').filter({ hasText: 'ping' });
    await expect(delivery).toContainText('sent');
    await expect(delivery).toContainText('HTTP 204');
    expect(other.heard.map(({ type }) => type)).toContain('ping');
    expect(other.heard[0]?.signature).toMatch(/^v1,\S+$/);
    await expectAccessible(page);

    const dialog = page.getByRole('dialog');
    const secret = await page.getByLabel('Secret of the signatures').inputValue();
    await page.getByRole('button', { name: 'New secret' }).click();
    await dialog.getByRole('button', { name: 'New secret' }).click();
    await expect(page.getByLabel('Secret of the signatures')).not.toHaveValue(secret);
    await expect(page.getByText('Old secret until')).toBeVisible();
    // It wants no more: what was on its way is given up, and the webhook is turned off.
    other.answerWith(410);
    await page.getByRole('button', { name: 'Send a test' }).click();
    const dead = page.getByRole('list', { name: 'Deliveries' }).getByRole('listitem').filter({ hasText: 'given up' });
    await expect(dead).toContainText('410 Gone');
    // For a day both secrets sign.
    expect(other.heard.at(-1)?.signature).toMatch(/^v1,\S+ v1,\S+$/);
    await expect(page.getByRole('row', { name: new RegExp(url) })).toContainText('off');
    other.answerWith(204);
    await page.getByRole('switch', { name: 'Enabled' }).click();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await expect(page.getByRole('row', { name: new RegExp(url) })).toContainText('on');
    await dead.getByRole('button', { name: 'Send again' }).click();
    await expect(dead).toHaveCount(0);
    await expect(delivery.filter({ hasText: 'HTTP 204' })).toHaveCount(2);

    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await dialog.getByRole('textbox').fill(`127.0.0.1:${other.port}`);
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(dialog).toHaveCount(0);
    await expect(page.getByRole('row', { name: new RegExp(url) })).toHaveCount(0);
  } finally {
    await other.close();
  }
});

test('a key that asked too often stands under its name, and may ask again once it is counted anew', async ({
  page,
  playwright,
  baseURL,
}) => {
  const name = `Poller ${Date.now()}`;
  const made = await change(page.request, 'keys.create', { name, permissions: ['camera:view'] });
  const { secret } = z.object({ secret: z.string() }).parse(made);
  const program = await playwright.request.newContext({
    storageState: { cookies: [], origins: [] },
    extraHTTPHeaders: { 'x-api-key': secret },
    ...(baseURL && { baseURL }),
  });
  try {
    // A thousand in a minute, fifty to a batch.
    const fifty = `/trpc/${Array.from({ length: 50 }, () => 'cameras.demoShown').join(',')}?batch=1`;
    const read = async () => (await program.get('/api/v1/cameras/demo')).status();
    for (let batch = 0; batch < 20; batch += 1) expect((await program.get(fifty)).status()).toBe(200);
    expect(await read()).toBe(429);
    await page.goto('/admin/limits');
    const row = page.getByRole('row').filter({ hasText: `Key ${name}` });
    await expect(row).toContainText('API requests');
    await row.getByRole('button').click();
    await page.getByRole('button', { name: 'Count anew' }).click();
    await expect(row).toHaveCount(0);
    expect(await read()).toBe(200);
    await page.goto('/admin/audit?action=limits.clear');
    await expect(page.getByRole('row').filter({ hasText: 'api key:' })).toBeVisible();
  } finally {
    await program.dispose();
  }
});

test('says in words that a page needs somebody signed in, and comes back to it', async ({ browser }) => {
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const page = await context.newPage();
  await page.goto('/admin/audit?outcome=refused');
  await expect(page).toHaveURL(`/login?next=${encodeURIComponent('/admin/audit?outcome=refused')}`);
  await context.close();
});
