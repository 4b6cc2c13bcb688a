import type { Page } from '@playwright/test';

import { expect, expectAccessible, test, watchFaults } from './page-fixture.ts';
import { changed, pictureOf, sample } from './picture.ts';

const demoCount = 12;
const drawnCount = 10;

test('the list shows demo cameras with measured numbers, never as live', async ({ page }) => {
  await page.goto('/cameras');
  const rows = page.getByRole('list', { name: 'Cameras' }).getByRole('listitem');
  await expect(rows).toHaveCount(demoCount);
  await expect(rows.filter({ hasText: 'Demo' })).toHaveCount(demoCount);
  await expect(rows.filter({ hasText: 'Live' })).toHaveCount(0);
  // Those that are recorded are read all the time; the others once somebody looks.
  const recorded = rows.filter({ hasText: 'Harbour' });
  await expect(recorded).toContainText(/\d\.\d s/);
  await expect(recorded).toContainText(/\d+\.\d\d/);
  await expect(recorded.locator('img')).toBeVisible();
  await expectAccessible(page);
});

test('every demo camera moves: its pixels change', async ({ page, context, faults }) => {
  test.setTimeout(150_000);
  await page.goto('/cameras');
  const links = page.getByRole('list', { name: 'Cameras' }).getByRole('link');
  await expect(links).toHaveCount(demoCount);
  const addresses = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
  const seeMoving = async (look: Page, address: string) => {
    await look.goto(address);
    const video = pictureOf(look);
    await expect.poll(() => video.evaluate((element: HTMLVideoElement) => element.currentTime)).toBeGreaterThan(0.2);
    const before = await sample(video);
    await expect
      .poll(async () => changed(before, await sample(video)), { message: `${address} moves` })
      .toBeGreaterThan(20);
  };
  // A camera that nobody watched takes a few seconds to begin, most of them waiting: three begin at once.
  const looks = [page, await context.newPage(), await context.newPage()];
  for (const look of looks.slice(1)) watchFaults(look, faults);
  for (let first = 0; first < addresses.length; first += looks.length) {
    const group = addresses.slice(first, first + looks.length);
    await Promise.all(looks.slice(0, group.length).map((look, index) => seeMoving(look, group[index] ?? '')));
  }
});

test('filters, search and layout stand in the address and come back with it', async ({ page }) => {
  await page.goto('/cameras?q=drawn&view=grid');
  const rows = page.getByRole('list', { name: 'Cameras' }).getByRole('listitem');
  await expect(rows).toHaveCount(drawnCount);
  await page.getByRole('button', { name: /^State/ }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Live' }).click();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL('/cameras?q=drawn&state=live&view=grid');
  await expect(page.getByText('No camera matches')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Clear filters' }).first().click();
  await expect(page).toHaveURL('/cameras?view=grid');
  await expect(rows).toHaveCount(demoCount);
});

test('the keyboard alone moves through the list, opens a camera and searches', async ({ page }) => {
  await page.goto('/cameras');
  const rows = page.getByRole('list', { name: 'Cameras' }).getByRole('listitem');
  await expect(rows.nth(5)).toBeVisible();
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox', { name: 'Search cameras' })).toBeFocused();
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect(rows.nth(2)).toHaveAttribute('data-selected', 'true');
  const name = (await rows.nth(2).getByRole('link').textContent()) ?? '';
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('system');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/status');
});

test('keys are typed into the search before its code has come, and none is lost', async ({ page }) => {
  await page.goto('/cameras');
  await expect(page.getByRole('list', { name: 'Cameras' }).getByRole('listitem').first()).toBeVisible();
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(/[/]_next[/].*\.js/, async (route) => {
    await released;
    await route.continue();
  });
  await page.keyboard.press('Control+k');
  await page.keyboard.type('sys');
  const waiting = page.getByRole('textbox', { name: 'Search and actions' });
  await expect(waiting).toHaveValue('sys');
  // As a menu does that has just closed.
  const takeFocus = () =>
    page.evaluate(() => document.querySelector<HTMLElement>('button[aria-label="Account"]')?.focus());
  await takeFocus();
  await expect(waiting).toBeFocused();
  release();
  const field = page.getByRole('combobox', { name: 'Search and actions' });
  await expect(field).toBeFocused();
  await takeFocus();
  await expect(field).toBeFocused();
  await page.keyboard.type('tem');
  await expect(field).toHaveValue('system');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/status');
});

test('Japanese by the browser’s wish and by the switch; dark and light; both without a fault for axe', async ({
  browser,
}) => {
  const context = await browser.newContext({ locale: 'ja-JP', colorScheme: 'light' });
  const page = await context.newPage();
  await page.goto('/cameras');
  await expect(page.locator('html')).toHaveAttribute('lang', 'ja');
  await expect(page.getByRole('heading', { name: 'カメラ', level: 1 })).toBeVisible();
  await expect(page.getByRole('list', { name: 'カメラ' }).getByRole('listitem').nth(5)).toBeVisible();
  await expect(page.locator('body')).toHaveCSS('color', 'rgb(20, 23, 28)');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Show in English' }).click();
  await expect(page.getByRole('heading', { name: 'Cameras', level: 1 })).toBeVisible();
  await page.getByRole('button', { name: 'Appearance' }).click();
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expectAccessible(page);
  await context.close();
});

test('on a phone the faces stand at the bottom and nothing is wider than the screen', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of ['/cameras', '/status', '/login']) {
    await page.goto(path);
    await expect(page.getByRole('navigation', { name: 'Faces' })).toBeInViewport();
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, path).toBeLessThanOrEqual(0);
    await expectAccessible(page);
  }
  // What a finger presses is large enough for it.
  await page.goto('/cameras?q=nothing+at+all');
  const tools = page.locator('main').locator('button, input');
  await expect(page.getByRole('button', { name: 'Clear filters' })).toHaveCount(2);
  const heights = await tools.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
});

test('an address where nothing stands says so', async ({ browser }) => {
  // Its own page: the browser reports the 404 of the document as an error.
  const page = await browser.newPage();
  const answer = await page.goto('/cameras/0190a000-0000-7000-8000-000000000000');
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { name: 'Nothing stands at this address' })).toBeVisible();
  await page.close();
});
