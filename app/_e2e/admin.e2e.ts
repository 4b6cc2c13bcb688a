import { once } from 'node:events';
import { createServer } from 'node:http';

import { expect, expectAccessible, ownerState, test } from './page-fixture.ts';

test.use({ storageState: ownerState });

/** Somebody else's system, which says yes to what it is told. */
async function listener() {
  const heard: { type: string; signature: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const message: unknown = JSON.parse(body);
      const type = typeof message === 'object' && message !== null ? String(Reflect.get(message, 'type')) : '';
      heard.push({ type, signature: String(request.headers['webhook-signature']) });
      response.writeHead(204).end();
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
  return { heard, port, close };
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
  await expect(panel.getByRole('listitem').filter({ hasText: 'Viewer' })).toContainText(camera);

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
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Check the chain' }).click();
  await expect(page.getByText(/The chain is whole: \d+ entries fit/)).toBeVisible();
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

test('adds a webhook, and sees the test event delivered', async ({ page }) => {
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
    expect(other.heard[0]?.signature).toMatch(/^v1,/);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill(`127.0.0.1:${other.port}`);
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(dialog).toHaveCount(0);
    await expect(page.getByRole('row', { name: new RegExp(url) })).toHaveCount(0);
  } finally {
    await other.close();
  }
});

test('says in words that a page needs somebody signed in, and comes back to it', async ({ browser }) => {
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const page = await context.newPage();
  await page.goto('/admin/audit?outcome=refused');
  await expect(page).toHaveURL(`/login?next=${encodeURIComponent('/admin/audit?outcome=refused')}`);
  await context.close();
});
