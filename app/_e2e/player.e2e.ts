import type { Page } from '@playwright/test';

import { expect, expectAccessible, test } from './page-fixture.ts';
import { changed, claimedBehindMs, pictureOf, sample, timeInPicture } from './picture.ts';

const behindMsMax = 2000;

async function openDrawn(page: Page): Promise<string> {
  await page.goto('/cameras?q=Harbour');
  const link = page.getByRole('list', { name: 'Cameras' }).getByRole('link').first();
  const address = (await link.getAttribute('href')) ?? '';
  await page.goto(address);
  await expect.poll(async () => (await timeInPicture(pictureOf(page))).pictureMs).not.toBeNull();
  return address;
}

const behindInPicture = async (page: Page): Promise<number> => {
  const { pictureMs, atMs } = await timeInPicture(pictureOf(page));
  return pictureMs === null ? Number.POSITIVE_INFINITY : atMs - pictureMs;
};

test('the picture is at most 2 s behind by its own clock, and the page says the same', async ({ page }) => {
  await openDrawn(page);
  await expect(page.getByText('Demo').first()).toBeVisible();
  await expect.poll(() => behindInPicture(page), { timeout: 15_000 }).toBeLessThanOrEqual(behindMsMax);
  const measured = await behindInPicture(page);
  expect(measured).toBeGreaterThan(0);
  expect(Math.abs((await claimedBehindMs(page)) - measured)).toBeLessThan(400);
  await expectAccessible(page);
});

test('a picture stands in the page as the server sends it, and only where the page begins live', async ({ page }) => {
  const address = await openDrawn(page);
  const posters = async (path: string) =>
    (await (await page.request.get(path)).text()).match(/<video[^>]*\sposter="[^"]+"/g);
  expect(await posters(address)).toHaveLength(1);
  expect(await posters(`${address}?t=${new Date().toISOString()}`)).toBeNull();
});

test('a smaller picture is made for who chooses it, as near to now and as honest; the source comes back', async ({
  page,
}) => {
  test.setTimeout(120_000);
  await openDrawn(page);
  const choose = async (name: string | RegExp) => {
    await page.getByRole('button', { name: 'Quality' }).click();
    await page.getByRole('menuitemradio', { name }).click();
  };
  const heightOf = () => pictureOf(page).evaluate((video: HTMLVideoElement) => video.videoHeight);
  const sourceHeight = await heightOf();
  const isHonest = async () => Math.abs((await claimedBehindMs(page)) - (await behindInPicture(page))) < 400;
  const settled = { timeout: 40_000 };
  await choose('480p');
  await expect.poll(heightOf, settled).toBe(480);
  await expect(page.getByText('480p, made by the server')).toBeVisible();
  await expect.poll(() => behindInPicture(page), settled).toBeLessThanOrEqual(behindMsMax);
  await expect.poll(isHonest).toBe(true);
  await choose(/^Source/);
  await expect.poll(heightOf, settled).toBe(sourceHeight);
  await expect.poll(() => behindInPicture(page), settled).toBeLessThanOrEqual(behindMsMax);
  await expect.poll(isHonest).toBe(true);
});

test('scrubs back into the recording, steps in it, and returns to live', async ({ page }) => {
  const address = await openDrawn(page);
  // A minute of recording is there once the system has run that long; less is enough to go back 20 s.
  const wantedMs = Date.now() - 25_000;
  await page.goto(`${address}?t=${new Date(wantedMs).toISOString()}`);
  await expect(page.getByText('Recorded', { exact: true }).first()).toBeVisible();
  await expect
    .poll(async () => Math.abs(((await timeInPicture(pictureOf(page))).pictureMs ?? 0) - wantedMs), { timeout: 15_000 })
    .toBeLessThan(8000);
  const before = await sample(pictureOf(page));
  await expect.poll(async () => changed(before, await sample(pictureOf(page)))).toBeGreaterThan(10);
  const there = (await timeInPicture(pictureOf(page))).pictureMs ?? 0;
  await page.keyboard.press('ArrowLeft');
  await expect.poll(async () => (await timeInPicture(pictureOf(page))).pictureMs ?? there).toBeLessThan(there - 2000);
  await page.getByRole('button', { name: 'Back to live' }).click();
  await expect.poll(() => behindInPicture(page), { timeout: 15_000 }).toBeLessThanOrEqual(behindMsMax);
  await expect(page).toHaveURL(address);
});

test('a click into the coverage bar opens that moment', async ({ page }) => {
  await openDrawn(page);
  await page.getByRole('button', { name: '1 h', exact: true }).click();
  const bar = page.getByRole('slider', { name: /Recordings of the last/ });
  const box = await bar.boundingBox();
  if (!box) throw new Error('the bar has no place');
  // About half a minute back on a bar of an hour.
  await bar.click({ position: { x: box.width * (1 - 28 / 3600), y: box.height / 2 } });
  await expect.poll(() => behindInPicture(page), { timeout: 15_000 }).toBeGreaterThan(8000);
  await expect.poll(() => claimedBehindMs(page)).toBeGreaterThan(8000);
  await expect(page).toHaveURL(/\?t=/);
  await page.keyboard.press('End');
  await expect.poll(() => behindInPicture(page), { timeout: 15_000 }).toBeLessThanOrEqual(behindMsMax);
});

test('keys pause, play, mute and tell of themselves', async ({ page }) => {
  await openDrawn(page);
  const video = pictureOf(page);
  const isPaused = () => video.evaluate((element: HTMLVideoElement) => element.paused);
  await page.keyboard.press('k');
  await expect.poll(isPaused).toBe(true);
  await page.keyboard.press('Space');
  await expect.poll(isPaused).toBe(false);
  await page.keyboard.press('m');
  expect(await video.evaluate((element: HTMLVideoElement) => element.muted)).toBe(false);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys of the player' })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('a stream that breaks off says so and comes back by itself', async ({ page, faults }) => {
  const address = await openDrawn(page);
  await page.route('**/media/**', (route) => route.abort());
  await page.goto(address);
  await expect(page.getByText('The server does not answer')).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText(/Next try in \d+ s/)).toBeVisible();
  await page.unroute('**/media/**');
  await expect.poll(() => behindInPicture(page), { timeout: 20_000 }).toBeLessThanOrEqual(behindMsMax);
  // What the browser wrote of the requests that this test broke.
  const broken = faults.filter((fault) => fault.includes('ERR_FAILED'));
  expect(broken).toHaveLength(faults.length);
  faults.length = 0;
});
