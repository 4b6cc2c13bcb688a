import { drawn, openEarth, smallDesk, viewOf } from './earth-view.ts';
import { expect, expectAccessible, test } from './page-fixture.ts';

test.describe.configure({ timeout: 90_000 });
test.use(smallDesk);

test('whoever does not let the page know where they are is told so, and what to do', async ({ page }) => {
  // Nothing was granted: the browser refuses.
  await openEarth(page, '/?map=flat');
  const before = viewOf(page);
  await page.getByRole('button', { name: 'Near here' }).click();
  await expect(page.getByText('This browser does not let this page know where you are.')).toBeVisible();
  await expect(page.getByText('press “Near here” again, or search for a place.', { exact: false })).toBeVisible();
  await expectAccessible(page);
  expect(viewOf(page)).toBe(before);
});

test.describe('allowed', () => {
  test.use({ permissions: ['geolocation'], geolocation: { latitude: 35.66, longitude: 139.7 } });

  test('“near here” goes there', async ({ page }) => {
    await openEarth(page, '/?map=flat');
    await page.getByRole('button', { name: 'Near here' }).click();
    await expect.poll(() => viewOf(page), drawn).toMatch(/^35\.6\d*,139\.7\d*,/);
  });
});
