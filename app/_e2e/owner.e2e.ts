import { expect, expectAccessible, owner, ownerState, test } from './page-fixture.ts';
import { changed, pictureOf, sample } from './picture.ts';

test.use({ storageState: ownerState });

test('a bad address is explained by the doctor, and nothing typed is lost on a reload', async ({ page }) => {
  await page.goto('/cameras/new');
  await page.getByLabel('Address', { exact: true }).fill('http://127.0.0.1/live');
  await page.getByRole('button', { name: 'Check this source' }).click();
  await expect(page.getByText('An address of this kind begins with rtsp://')).toBeVisible();
  await page.getByLabel('Address', { exact: true }).fill('rtsp://127.0.0.1:9/live');
  await page.getByLabel('Name', { exact: true }).fill('Gate');
  await page.getByRole('button', { name: 'Check this source' }).click();
  await expect(page.getByText('This source cannot be read.')).toBeVisible({ timeout: 25_000 });
  await expect(page.getByText('Nothing answers at this address.')).toBeVisible();
  await expectAccessible(page);
  await page.reload();
  await expect(page.getByText('A draft of this form was kept in this tab.')).toBeVisible();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Gate');
  await expect(page.getByLabel('Address', { exact: true })).toHaveValue('rtsp://127.0.0.1:9/live');
  await page.getByRole('button', { name: 'Save camera' }).click();
  await expect(page.getByText('Fill this in.').first()).toBeVisible();
  await page.getByRole('button', { name: 'Start afresh' }).click();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('');
});

test('adds a drawn camera that plays, changes it, deletes it and takes that back', async ({ page }) => {
  await page.goto('/cameras/new');
  await page.getByRole('radio', { name: 'Drawn' }).check();
  await page.getByLabel('Scene').selectOption('test');
  await page.getByLabel('Width').fill('640');
  await page.getByLabel('Height').fill('360');
  await page.getByLabel('Frames a second').fill('15');
  await page.getByRole('button', { name: 'Check this source' }).click();
  await expect(page.getByText('This source can be read.')).toBeVisible({ timeout: 25_000 });
  await page.getByLabel('Name', { exact: true }).fill('Test bench');
  await page.getByLabel('Latitude').evaluate((field: HTMLInputElement) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text', '35.6590, 139.7006');
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  await expect(page.getByLabel('Longitude')).toHaveValue('139.7006');
  await page.getByRole('button', { name: 'Save camera' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Test bench' })).toBeVisible();
  const video = pictureOf(page);
  await expect
    .poll(() => video.evaluate((element: HTMLVideoElement) => element.currentTime), { timeout: 20_000 })
    .toBeGreaterThan(0.2);
  const before = await sample(video);
  await expect.poll(async () => changed(before, await sample(video))).toBeGreaterThan(10);

  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Test bench 2');
  const ladder = page.getByLabel('Smaller pictures');
  await expect(ladder).toHaveValue('onDemand');
  await ladder.selectOption('always');
  await expect(page.getByText('Takes almost half a processor core')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Test bench 2' })).toBeVisible();

  await page.getByRole('link', { name: 'Edit' }).click();
  await expect(ladder).toHaveValue('always');
  await page.getByRole('button', { name: 'Delete camera' }).click();
  await expect(page).toHaveURL('/cameras');
  const row = page.getByRole('list', { name: 'Cameras' }).getByRole('link', { name: 'Test bench 2' });
  await expect(row).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row).toBeVisible();
  await row.click();
  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByRole('button', { name: 'Delete camera' }).click();
  await expect(row).toHaveCount(0);
});

test('the status page says what works, what is missing and what to do', async ({ page }) => {
  await page.goto('/status');
  for (const name of ['gateway', 'web', 'postgres', 'ingest', 'slicer']) {
    await expect(page.getByRole('row', { name: new RegExp(`^${name}`) })).toContainText('working');
  }
  await expect(page.getByText('What needs attention')).toBeVisible();
  await expect(page.getByText(/free of/).first()).toBeVisible();
  await expectAccessible(page);
});

test('signs out, is asked to sign in where it matters, and comes back to that page', async ({ browser }) => {
  // A session of its own, for signing out ends it at the server; without the cookie that this file's pages begin with.
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const page = await context.newPage();
  await page.goto('/status');
  await expect(page.getByText('Details are for who keeps the house')).toBeVisible();
  await page.goto('/cameras/new');
  await expect(page).toHaveURL(/\/login/);
  await page.getByLabel('E-mail').fill(owner.email);
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByText('E-mail or password is wrong.')).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('Password', { exact: true }).fill(owner.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL('/cameras/new');
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByText('You are signed out.')).toBeVisible();
  await page.goto('/cameras/new');
  await expect(page).toHaveURL(/\/login/);
  await context.close();
});
