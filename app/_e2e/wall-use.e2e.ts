import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { cameraForOwner } from '#server/contracts/camera.ts';

import { expect, expectAccessible, ownerState, test } from './page-fixture.ts';
import { countOfAge, openWall, tiles } from './wall-view.ts';

const clipWithSound = join(process.cwd(), 'server/testing/fixtures/clip-320x180.mp4');

/** Which videos are heard, in the order of the tiles. */
const heard = (page: Page): Promise<boolean[]> =>
  page
    .locator('[data-wall-index] video')
    .evaluateAll((videos) => videos.map((video) => video instanceof HTMLVideoElement && !video.muted));

async function addClip(page: Page, name: string): Promise<string> {
  const answer = await page.request.post('/api/v1/cameras', {
    data: {
      name,
      latitude: 35,
      longitude: 139,
      kind: 'file',
      address: clipWithSound,
      ingest: 'always',
      visibility: 'public',
    },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
  return cameraForOwner.parse(await answer.json()).id;
}

test('nine cameras play at once, and all of them go on', async ({ page }) => {
  test.setTimeout(120_000);
  await openWall(page, 9);
  const seconds = () =>
    page
      .locator('video')
      .evaluateAll((videos) => videos.map((video) => (video instanceof HTMLVideoElement ? video.currentTime : 0)));
  const before = await seconds();
  expect(before).toHaveLength(9);
  await expect
    .poll(async () => (await seconds()).filter((second, index) => second > (before[index] ?? 0) + 2).length, {
      timeout: 30_000,
    })
    .toBe(9);
  expect(await countOfAge(page, 0, 20_000)).toBe(9);
});

test('a wall that nobody touched for ten minutes rests, says so, and goes on when it is told to', async ({ page }) => {
  await page.clock.install();
  await openWall(page, 2);
  await page.clock.fastForward('09:00');
  await page.mouse.move(300, 300);
  await page.clock.fastForward('09:00');
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await page.clock.fastForward('01:30');
  await expect(page.getByRole('alertdialog', { name: 'Still watching?' })).toBeVisible();
  await expect(page.locator('video')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Go on' })).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await expect(page.locator('video')).toHaveCount(2);
});

test.describe('by touch', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('a tile is dragged by its handle to another place', async ({ page }) => {
    const { ids } = await openWall(page, 2);
    const first = tiles(page).first();
    // What is not seen is not pressed: a tap on the picture brings its handle.
    await first.tap();
    const handle = await first.getByRole('button', { name: /^Move / }).boundingBox();
    const second = await tiles(page).nth(1).boundingBox();
    if (!handle || !second) throw new Error('no tiles');
    expect(Math.min(handle.width, handle.height)).toBeGreaterThanOrEqual(44);
    const finger = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x: number, y: number) =>
      finger.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] });
    const [x, y] = [handle.x + handle.width / 2, handle.y + handle.height / 2];
    await touch('touchStart', x, y);
    for (let step = 1; step <= 5; step += 1) await touch('touchMove', x, y + ((second.y + 40 - y) * step) / 5);
    await touch('touchEnd', x, y);
    await expect(tiles(page).nth(1)).toHaveAttribute('data-camera', ids[0] ?? '');
    await expect(page).toHaveURL(new RegExp(`wall=${ids.toReversed().join(',')}$`));
  });
});

test.describe('the owner', () => {
  test.use({ storageState: ownerState });

  test('hears one tile at a time, by its button and by key, and none at first', async ({ page }) => {
    const ids = [await addClip(page, 'Bell'), await addClip(page, 'Whistle')];
    await page.goto(`/wall?wall=${ids.join(',')}`);
    const bell = page.getByRole('button', { name: 'Hear Bell' });
    await expect(bell).toBeVisible({ timeout: 30_000 });
    await expect(page.locator('video')).toHaveCount(2);
    expect(await heard(page)).toEqual([false, false]);
    await bell.click();
    await expect.poll(() => heard(page)).toEqual([true, false]);
    await page.getByRole('button', { name: 'Hear Whistle' }).click();
    await expect.poll(() => heard(page)).toEqual([false, true]);
    await expect(page.getByRole('button', { name: 'Mute Whistle' })).toHaveAttribute('aria-pressed', 'true');
    await expectAccessible(page);
    await page.keyboard.press('m');
    await expect.poll(() => heard(page)).toEqual([false, false]);
    // The tile that has the keyboard.
    await tiles(page).first().getByRole('button', { name: '1: Bell' }).focus();
    await page.keyboard.press('m');
    await expect.poll(() => heard(page)).toEqual([true, false]);
    for (const id of ids) await page.request.delete(`/api/v1/cameras/${id}`);
  });
});
