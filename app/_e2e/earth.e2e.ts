import {
  drawn,
  fingersOn,
  firstCamera,
  openEarth,
  planet,
  card,
  demoCameras,
  sheetOf,
  viewOf,
  smallDesk,
} from './earth-view.ts';
import { expect, expectAccessible, test, watchFaults } from './page-fixture.ts';
import { changed, pictureOf, sample } from './picture.ts';

test.describe.configure({ timeout: 90_000 });
test.use(smallDesk);

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
    await expect(card(page)).toBeVisible({ timeout: 1500 });
  }).toPass(drawn);
  await page.mouse.click(at.x, at.y);
  await expect(page).toHaveURL(/camera=/);
  // It flies to where the camera is looked at from.
  const [latitude, longitude] = [camera.latitude, camera.longitude].map(Math.trunc);
  await expect
    .poll(() => viewOf(page)?.split(',').slice(0, 2).map(Number).map(Math.trunc), drawn)
    .toEqual([latitude, longitude]);
  await expect.poll(() => Number(viewOf(page)?.split(',')[2]), drawn).toBeLessThanOrEqual(7.5);
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

test('the keyboard alone goes from camera to camera, opens one and closes it', async ({ page }) => {
  const camera = await firstCamera(page);
  await page.goto(`/?v=${camera.latitude},${camera.longitude},2&map=flat`);
  // Each key once, at once: what is pressed before the cameras are there is done when they are.
  await planet(page).focus(drawn);
  await page.keyboard.press('Enter');
  await expect(card(page)).toContainText(camera.name, drawn);
  await page.keyboard.press('ArrowLeft');
  await expect(card(page)).not.toContainText(camera.name, drawn);
  await expect(card(page)).toBeVisible(drawn);
  await page.keyboard.press('ArrowRight');
  await expect(card(page)).toContainText(camera.name, drawn);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`camera=${camera.id}`));
  await expect(sheetOf(page).getByRole('heading', { level: 2, name: camera.name })).toBeVisible();
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

test('a phone in Japanese: turned by a finger, zoomed by two, and its sheet drawn to full and away', async ({
  browser,
  faults,
}) => {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    locale: 'ja-JP',
  });
  const page = await context.newPage();
  watchFaults(page, faults);
  const [camera] = await demoCameras(page);
  await page.goto('/');
  await expect(page.getByRole('application', { name: '地球とカメラ' })).toBeVisible(drawn);
  await expect.poll(() => viewOf(page), drawn).not.toBeNull();
  const touch = await fingersOn(page);
  const before = viewOf(page);
  await touch([{ x: 240, y: 420 }], [{ x: 120, y: 420 }]);
  await expect.poll(() => viewOf(page), drawn).not.toBe(before);
  const zoom = () => Number(viewOf(page)?.split(',')[2]);
  const zoomBefore = zoom();
  await touch(
    [
      { x: 170, y: 420 },
      { x: 220, y: 420 },
    ],
    [
      { x: 70, y: 420 },
      { x: 320, y: 420 },
    ],
  );
  await expect.poll(zoom, drawn).toBeGreaterThan(zoomBefore + 0.5);

  await page.goto(`/?camera=${camera?.id}&map=flat`);
  const sheet = sheetOf(page);
  await expect(sheet).toHaveAttribute('data-rest', 'half');
  await expect(sheet.getByRole('heading', { level: 2, name: camera?.nameJa ?? '' })).toBeVisible();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  await page.getByRole('button', { name: 'シートを大きくする' }).tap();
  await expect(sheet).toHaveAttribute('data-rest', 'full');
  await sheet.getByRole('button', { name: '閉じる' }).tap();
  await expect(sheet).toHaveCount(0);
  await expectAccessible(page);
  await context.close();
});
