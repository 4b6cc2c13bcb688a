import { expect, expectAccessible, owner, ownerState, test } from './page-fixture.ts';

test('the one-time link makes the owner’s account, signs in, and works once', async ({ page, context }, {
  project,
}) => {
  const link = String(project.metadata['ownerLink'] ?? '');
  expect(link, 'E2E_OWNER_LINK').toContain('/claim?token=');
  const address = new URL(link);
  const path = `${address.pathname}${address.search}`;
  await page.goto(path);
  await expectAccessible(page);
  await page.getByLabel('Name').fill(owner.name);
  await page.getByLabel('E-mail').fill(owner.email);
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Make the account' }).click();
  await expect(page.getByText('12 characters or more.').first()).toBeVisible();
  await page.getByLabel('Password', { exact: true }).fill(owner.password);
  await page.getByRole('button', { name: 'Make the account' }).click();
  // The account is the first of three steps; the next two are the first test's of welcome.e2e.ts.
  await expect(page).toHaveURL('/welcome?step=2');
  await expect(page.getByRole('heading', { level: 1, name: 'Demo or real cameras' })).toBeVisible();
  await context.storageState({ path: ownerState });
});
