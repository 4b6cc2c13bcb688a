import { expect, expectAccessible, test } from './page-fixture.ts';
import { timeInPicture } from './picture.ts';
import { behindMsMax, countOfAge, openWall, said, tiles } from './wall-view.ts';

/** What a picture may be from the moment that the wall shows, and by how much its own time code may differ from what the page says of it. */
const driftMsMax = 300;
const claimMsMax = 800;

test('a wall of four plays, loses a camera, and has it back by undo in its old place', async ({ page }) => {
  const { ids } = await openWall(page, 4);
  await expectAccessible(page);
  const second = tiles(page).nth(1);
  await second.hover();
  await second.getByRole('button', { name: /off the wall/ }).click();
  await expect(tiles(page)).toHaveCount(3);
  // What was taken off is let go of.
  await expect(page.locator('video')).toHaveCount(3);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(tiles(page)).toHaveCount(4);
  await expect(tiles(page).nth(1)).toHaveAttribute('data-camera', ids[1] ?? '');
  await expect(page).toHaveURL(new RegExp(`wall=${ids.join(',')}$`));
});

test('keys bring a picture to the front and back, and move it to another place', async ({ page }) => {
  const { ids } = await openWall(page, 3);
  const first = tiles(page).first();
  const narrow = (await first.boundingBox())?.width ?? 0;
  await page.keyboard.press('1');
  await expect.poll(async () => (await first.boundingBox())?.width ?? 0).toBeGreaterThan(narrow * 1.2);
  await page.keyboard.press('Escape');
  await expect.poll(async () => (await first.boundingBox())?.width ?? 0).toBe(narrow);
  await first.getByRole('button', { name: /^Move / }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(tiles(page).nth(1)).toHaveAttribute('data-camera', ids[0] ?? '');
  await expect(page).toHaveURL(new RegExp(`wall=${ids[1]},${ids[0]},`));
});

test('a wall travels back in step, and comes back to now', async ({ page }) => {
  test.setTimeout(90_000);
  const { drawn } = await openWall(page, 3);
  const bar = page.getByRole('slider', { name: 'Time of the planet' });
  await bar.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(page).toHaveURL(/&t=/);
  // 30 s ago: the nearest past, and two steps of ten seconds.
  await expect.poll(() => countOfAge(page, 24_000, 45_000), { timeout: 30_000 }).toBe(3);
  await expect
    .poll(
      async () => {
        const drifts = await Promise.all((await tiles(page).all()).map((tile) => said(tile, 'data-drift-ms')));
        return Math.max(...drifts.map((drift) => (drift === null ? Number.POSITIVE_INFINITY : Math.abs(drift))));
      },
      { timeout: 30_000 },
    )
    .toBeLessThan(driftMsMax);
  // The page's word for it, held against the time code in the picture.
  for (const index of drawn) {
    const tile = tiles(page).nth(index);
    await expect
      .poll(async () => {
        const { pictureMs, atMs } = await timeInPicture(tile.locator('video'));
        // Ages, not moments: the picture runs on between the two looks.
        const claimedAgeMs = await tile
          .getByTestId('tile-facts')
          .evaluate((facts) => Date.now() - Number(facts.dataset['pictureMs']));
        return Math.abs(atMs - (pictureMs ?? 0) - claimedAgeMs);
      })
      .toBeLessThan(claimMsMax);
  }
  await page.keyboard.press('End');
  await expect(page).not.toHaveURL(/&t=/);
  await expect.poll(() => countOfAge(page, 0, behindMsMax), { timeout: 30_000 }).toBe(3);
});

test('a wall is saved under a name in this browser, opened again and renamed', async ({ page }) => {
  const { ids } = await openWall(page, 2);
  await page.getByRole('button', { name: 'Save and open walls' }).click();
  await page.getByRole('menuitem', { name: 'Save this wall' }).click();
  await page.getByLabel('Name of the wall').fill('Ports');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.goto('/wall');
  await expect(page.getByText('Nothing is pinned yet')).toBeVisible();
  await page.getByRole('button', { name: 'Save and open walls' }).click();
  await page.getByRole('menuitem', { name: /^Ports/ }).click();
  await expect(tiles(page)).toHaveCount(2);
  await expect(page).toHaveURL(new RegExp(`wall=${ids.join(',')}$`));
  await page.getByRole('button', { name: 'Save and open walls' }).click();
  await page.getByRole('menuitem', { name: 'Rename “Ports”' }).click();
  await expect(page.getByLabel('Name of the wall')).toHaveValue('Ports');
  await expectAccessible(page);
  await page.getByLabel('Name of the wall').fill('Harbours');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Renamed to “Harbours”.')).toBeVisible();
  await page.reload();
  await page.getByRole('button', { name: 'Save and open walls' }).click();
  await expect(page.getByRole('menuitem', { name: /^Harbours/ })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: /^Ports/ })).toHaveCount(0);
});
