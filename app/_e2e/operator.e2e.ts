import type { Browser, Page } from '@playwright/test';

import { makePerson } from './new-person.ts';
import { expect, expectAccessible, ownerState, test, watchFaults } from './page-fixture.ts';

test.use({ storageState: ownerState });

const password = 'four other words here';

async function signedIn(
  { browser, owner, faults }: { browser: Browser; owner: Page; faults: string[] },
  roleId: string,
): Promise<Page> {
  const email = `${roleId}-${Date.now()}@example.org`;
  await makePerson(browser, owner.request, { name: `A ${roleId}`, email, password }, roleId);
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const page = await context.newPage();
  watchFaults(page, faults);
  await page.goto('/login?next=/cameras');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL('/cameras');
  return page;
}

const menuOf = async (page: Page): Promise<string[]> => {
  await page.getByRole('button', { name: 'Account', exact: true }).click();
  const items = page.getByRole('menuitem');
  await expect(items.filter({ hasText: 'Sign out' })).toBeVisible();
  const words = await items.allTextContents();
  await page.keyboard.press('Escape');
  return words.map((word) => word.trim());
};

test('an operator who is not the owner finds what an operator may do, and nothing else', async ({
  page: owner,
  browser,
  faults,
}) => {
  const page = await signedIn({ browser, owner, faults }, 'operator');
  const menu = await menuOf(page);
  expect(menu).toEqual(expect.arrayContaining(['Add camera', 'Public feeds', 'Import and export', 'Removal requests']));
  expect(menu).not.toContain('Administration');
  await page.goto('/feeds');
  await expect(page.getByRole('switch').first()).toBeVisible();
  // Whether the demos are shown is a setting of the house.
  await expect(page.getByRole('switch', { name: 'Show the demo cameras' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Import a file' }).click();
  await expect(page.getByLabel('Or paste its text')).toBeVisible();
  await page.goto('/removals');
  await expect(page.getByRole('heading', { level: 1, name: 'Requests for removal' })).toBeVisible();
  await page.goto('/welcome?step=2');
  await expect(page.getByRole('heading', { level: 1, name: 'Demo or real cameras' })).toBeVisible();
  await expect(page.getByRole('switch')).toHaveCount(0);
  await expectAccessible(page);
  await page.context().close();
});

test('a viewer is offered nothing that would be refused, and told so where an address leads there', async ({
  page: owner,
  browser,
  faults,
}) => {
  const page = await signedIn({ browser, owner, faults }, 'viewer');
  await expect(page.getByRole('link', { name: 'Add camera' })).toHaveCount(0);
  const menu = await menuOf(page);
  for (const word of ['Add camera', 'Public feeds', 'Import and export', 'Removal requests', 'Administration'])
    expect(menu).not.toContain(word);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('add camera');
  await expect(page.getByText('Nothing is called “add camera”.')).toBeVisible();
  await page.keyboard.press('Escape');
  for (const path of ['/cameras/new', '/import', '/removals', '/welcome']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1, name: /: not for this account$/ })).toBeVisible();
  }
  await page.goto('/feeds');
  await expect(page.getByRole('heading', { level: 1, name: 'Public feeds' })).toBeVisible();
  await expect(page.getByRole('switch')).toHaveCount(0);
  await expectAccessible(page);
  await page.context().close();
});
