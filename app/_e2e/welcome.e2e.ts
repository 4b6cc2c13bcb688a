import { readFile } from 'node:fs/promises';

import { z } from 'zod';

import { expect, expectAccessible, ownerState, test } from './page-fixture.ts';

test('whoever is not signed in is not asked to set anything up', async ({ page }) => {
  await page.goto('/welcome');
  await expect(page.getByRole('heading', { level: 1, name: 'This house has an owner' })).toBeVisible();
  await expectAccessible(page);
  await page.goto('/feeds');
  await expect(page.getByText('No public feed is switched on', { exact: false })).toBeVisible();
  await expect(page.getByRole('switch')).toHaveCount(0);
  await expectAccessible(page);
  await page.goto('/cameras');
  await expect(page.getByText('This house is not set up yet.')).toHaveCount(0);
});

test.describe('the owner', () => {
  test.use({ storageState: ownerState });

  test('sets the house up in steps that can be left, and lands on the globe', async ({ page }) => {
    await page.goto('/cameras');
    await expect(page.getByText('This house is not set up yet.')).toBeVisible();
    await page.getByRole('link', { name: 'Go on' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Demo or real cameras' })).toBeVisible();
    const demo = page.getByRole('switch', { name: 'Show the demo cameras' });
    await expect(demo).toBeChecked();
    await demo.click();
    await expect(demo).not.toBeChecked();
    await expect(demo).toBeEnabled();
    await demo.click();
    await expect(demo).toBeChecked();
    await expectAccessible(page);

    await page.getByRole('link', { name: 'Next' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Add your own cameras' })).toBeVisible();
    await page.getByLabel('Address', { exact: true }).fill('rtsp://127.0.0.1:9/live');
    await page.getByLabel('Password').fill('a/secret');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Go on with this camera' }).click();
    await expect(page).toHaveURL('/cameras/new');
    await expect(page.getByLabel('Address', { exact: true })).toHaveValue('rtsp://127.0.0.1:9/live');
    await expect(page.getByLabel('Password')).toHaveValue('a/secret');

    await page.goto('/welcome?step=3');
    await page.getByRole('button', { name: 'To the globe' }).click();
    await expect(page).toHaveURL('/');
    await page.goto('/cameras');
    await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
    await expect(page.getByText('This house is not set up yet.')).toHaveCount(0);
  });

  test('is asked about public cameras while the internet answers, with nothing chosen beforehand', async ({ page }) => {
    // The double of the outside: this machine may have none.
    await page.route(/\/trpc\/[^?]*feeds\.online/, async (route) => {
      const names = new URL(route.request().url()).pathname.replace('/trpc/', '').split(',');
      const response = await route.fetch();
      const answers = z.array(z.unknown()).parse(await response.json());
      const online = { result: { data: { json: { online: true } } } };
      await route.fulfill({
        response,
        json: answers.map((one, index) => (names[index] === 'feeds.online' ? online : one)),
      });
    });
    await page.goto('/welcome?step=2');
    await expect(page.getByText(/^Shall this house fetch about [\d,]+ public cameras\?$/)).toBeVisible();
    const answers = [
      page.getByRole('button', { name: 'Yes, fetch them' }),
      page.getByRole('button', { name: 'No', exact: true }),
    ];
    for (const answer of answers) await expect(answer).toBeEnabled();
    await expect(page.getByText('Licence', { exact: true }).first()).toBeVisible();
    await expectAccessible(page);
  });

  test('imports a pasted list: recognised, mapped anew, previewed, added, reported and exported', async ({ page }) => {
    await page.goto('/import');
    await page
      .getByLabel('Or paste its text')
      .fill(
        [
          'title;lat;lon;stream',
          'Quay;35.45;139.65;rtsp://127.0.0.1:9/quay',
          'Nowhere;135;139.65;rtsp://127.0.0.1:9/nowhere',
        ].join('\n'),
      );
    await page.reload();
    await page.getByRole('button', { name: 'Look at it' }).click();
    await expect(page.getByText('CSV, 2 lines: 1 can be added, 1 can’t.')).toBeVisible();
    await expect(page.getByLabel('Address', { exact: true })).toHaveValue('stream');
    await expect(page.getByRole('row', { name: /Quay/ })).toContainText('35.4500, 139.6500');
    await page.getByLabel('Latitude').selectOption('title');
    await expect(page.getByText('CSV, 2 lines: 0 can be added, 2 can’t.')).toBeVisible();
    await page.getByLabel('Latitude').selectOption('lat');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Add 1 camera' }).click();
    await expect(page.getByRole('heading', { name: 'Imported.' })).toBeVisible({ timeout: 20_000 });
    await expect(page.getByText('1 added · 0 changed · 0 unchanged · 0 withheld · 1 rejected')).toBeVisible();
    const report = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Report' }).click();
    expect((await report).suggestedFilename()).toContain('.csv');
    expect(await readFile(await (await report).path(), 'utf8')).toBe(
      '\uFEFFLine,Why,Code\r\nline 3,"Its position 135, 139.65 is nowhere on earth: latitude and longitude may be swapped.",POSITION_NOWHERE\r\n',
    );
    const exported = page.waitForEvent('download');
    await page.getByRole('button', { name: 'As GeoJSON' }).click();
    expect((await exported).suggestedFilename()).toContain('json');
    await page.getByRole('link', { name: 'To the cameras' }).click();
    const row = page.getByRole('link', { name: 'Quay' }).first();
    await expect(row).toBeVisible();
    const id = /[\da-f-]{36}/.exec((await row.getAttribute('href')) ?? '')?.[0] ?? 'none';
    const status = await page.evaluate(
      async (path) => (await fetch(path, { method: 'DELETE' })).status,
      `/api/v1/cameras/${id}`,
    );
    expect(status).toBe(200);
  });
});
