import type { Page } from '@playwright/test';

import { cameraPage, type CameraView } from '#server/contracts/camera.ts';

import { expect, expectAccessible, test } from './page-fixture.ts';
import { changed, pictureOf, sample } from './picture.ts';

/** The globe is drawn by software here: it is given the time that a machine without a graphics card needs. */
const drawn = { timeout: 30_000 };

test.describe.configure({ timeout: 90_000 });

const planet = (page: Page) => page.getByRole('application', { name: 'Earth with cameras' });
const list = (page: Page) => page.getByRole('region', { name: 'Cameras in view' });
const viewOf = (page: Page) => new URL(page.url()).searchParams.get('v');

/** The planet is there once it has told the address where it looks. */
async function openEarth(page: Page, address = '/'): Promise<void> {
  await page.goto(address);
  await expect(planet(page)).toBeVisible(drawn);
  await expect.poll(() => viewOf(page), drawn).not.toBeNull();
}

async function firstCamera(page: Page): Promise<CameraView> {
  const answer = await page.request.get('/api/v1/cameras?limit=100');
  const { items } = cameraPage.parse(await answer.json());
  const camera = items.find(({ state }) => state === 'demo') ?? items[0];
  if (!camera) throw new Error('no camera in this house');
  return camera;
}

test('shows measured counts, turns, zooms, and writes down where it looks', async ({ page }) => {
  await openEarth(page);
  await expect(page.getByRole('list', { name: 'Cameras by state' }).getByRole('button').first()).toBeVisible();
  const before = viewOf(page);
  const box = await planet(page).boundingBox();
  if (!box) throw new Error('the planet has no box');
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(middle.x, middle.y);
  await page.mouse.down();
  await page.mouse.move(middle.x - 160, middle.y + 30, { steps: 6 });
  await page.mouse.up();
  await expect.poll(() => viewOf(page), drawn).not.toBe(before);
  const turned = viewOf(page);
  await page.mouse.wheel(0, -600);
  await expect.poll(() => viewOf(page), drawn).not.toBe(turned);
  await expectAccessible(page);
});

test('a click opens the camera under it: the picture moves, and back closes the sheet', async ({ page }) => {
  const camera = await firstCamera(page);
  await openEarth(page, `/?v=${camera.latitude},${camera.longitude},10`);
  const box = await planet(page).boundingBox();
  if (!box) throw new Error('the planet has no box');
  // The time bar covers 56 px at the bottom: the middle of what is free is the camera.
  const at = { x: box.x + box.width / 2, y: box.y + (box.height - 56) / 2 };
  await expect(async () => {
    await page.mouse.move(at.x + 40, at.y + 40);
    await page.mouse.move(at.x, at.y, { steps: 3 });
    await expect(page.getByTestId('hover-card')).toBeVisible({ timeout: 1500 });
  }).toPass(drawn);
  await page.mouse.click(at.x, at.y);
  await expect(page).toHaveURL(/camera=/);
  const sheet = page.getByRole('complementary').filter({ has: page.getByRole('heading', { level: 2 }) });
  await expect(sheet.getByText('A demo: a loop or a drawn picture')).toBeVisible();
  const video = pictureOf(page);
  await expect
    .poll(() => video.evaluate((element: HTMLVideoElement) => element.currentTime), drawn)
    .toBeGreaterThan(0.2);
  const before = await sample(video);
  await expect.poll(async () => changed(before, await sample(video)), drawn).toBeGreaterThan(10);
  await page.goBack();
  await expect(sheet).toHaveCount(0);
});

test('a city is found in kana and flown to; coordinates are a place as well', async ({ page }) => {
  await openEarth(page);
  const field = page.getByRole('combobox', { name: 'Search and actions' });
  await field.fill('おおさか');
  await expect(page.getByRole('option').filter({ hasText: 'Osaka' }).first()).toBeVisible();
  await page.getByRole('option').filter({ hasText: 'Osaka' }).first().click();
  await expect.poll(() => viewOf(page), drawn).toMatch(/^34\.[67]\d*,135\.[45]\d*,/);
  await field.fill('48.8584, 2.2945');
  await expect(page.getByRole('option').first()).toContainText('48.8584');
  await field.press('Enter');
  await expect.poll(() => viewOf(page), drawn).toMatch(/^48\.8\d*,2\.\d+,/);
});

test('the shared address shows somebody else the same camera, view and filters', async ({ page, browser }) => {
  const camera = await firstCamera(page);
  await openEarth(page, `/?camera=${camera.id}&light=day&map=flat`);
  await page.getByRole('complementary').getByRole('button', { name: 'Share' }).click();
  const address = await page.getByRole('textbox', { name: 'Address of this view' }).inputValue();
  expect(address).toContain(`camera=${camera.id}`);
  const context = await browser.newContext({ locale: 'en-US' });
  const other = await context.newPage();
  await other.goto(address);
  await expect(other.getByRole('complementary').getByRole('heading', { level: 2, name: camera.name })).toBeVisible();
  await expect(other.getByRole('button', { name: 'Daylight' })).toHaveAttribute('aria-pressed', 'true');
  await expect(other.getByRole('button', { name: 'Globe' })).toBeVisible();
  await context.close();
});

test('the keyboard alone goes from camera to camera, opens one and closes it', async ({ page }) => {
  const camera = await firstCamera(page);
  await openEarth(page, `/?v=${camera.latitude},${camera.longitude},9&map=flat`);
  await expect(list(page).getByRole('button').first()).toBeAttached(drawn);
  await planet(page).focus();
  await expect(async () => {
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('hover-card')).toBeVisible({ timeout: 1500 });
  }).toPass(drawn);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/camera=|v=/);
  await page.goto(`/?camera=${camera.id}`);
  await expect(page.getByRole('complementary').getByRole('heading', { level: 2 })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page).not.toHaveURL(/camera=/);
});

test('a filter that nothing passes says so and is cleared; hiding the demos hides them', async ({ page }) => {
  await openEarth(page, '/?map=flat');
  await page.getByRole('button', { name: 'Hide demos' }).click();
  await expect(page).toHaveURL(/demo=off/);
  await expect(page.getByText('No camera passes these filters.')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).first().click();
  await expect(page).not.toHaveURL(/demo=off/);
  await expect(page.getByText('No camera passes these filters.')).toHaveCount(0);
});

test('a phone: nothing is wider than the screen, and the sheet is drawn to full and away by touch', async ({
  browser,
}) => {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    locale: 'ja-JP',
  });
  const page = await context.newPage();
  const camera = await firstCamera(page);
  await page.goto(`/?camera=${camera.id}&map=flat`);
  const sheet = page.locator('aside[data-rest]');
  await expect(sheet).toHaveAttribute('data-rest', 'half');
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  await page.getByRole('button', { name: 'シートを大きくする' }).tap();
  await expect(sheet).toHaveAttribute('data-rest', 'full');
  await sheet.getByRole('button', { name: '閉じる' }).tap();
  await expect(sheet).toHaveCount(0);
  await expectAccessible(page);
  await context.close();
});
