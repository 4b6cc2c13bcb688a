import { demoCameras, drawn, openEarth, smallDesk, viewOf } from './earth-view.ts';
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

test('a surprise is another camera each time, and none that the filter leaves out', async ({ page }) => {
  await openEarth(page, '/?map=flat');
  const surprise = page.getByRole('button', { name: 'Surprise me' });
  const opened = () => new URL(page.url()).searchParams.get('camera');
  await surprise.click();
  await expect.poll(opened, drawn).not.toBeNull();
  // One that is open is no surprise.
  for (let time = 0; time < 3; time += 1) {
    const before = opened();
    await surprise.click();
    await expect.poll(opened, drawn).not.toBe(before);
  }
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Hide demos' }).click();
  await surprise.click();
  await expect(page.getByText('No camera passes these filters.')).toHaveCount(2);
  expect(opened()).toBeNull();
});

test('the list of cameras in view has those that pass the filters', async ({ page }) => {
  const cameras = await demoCameras(page);
  const drawnOnes = cameras.filter(({ kind }) => kind === 'synthetic');
  await openEarth(page, '/?map=flat&v=20,10,0.2&kind=synthetic');
  await page.getByRole('button', { name: 'List of cameras in view' }).click();
  const rows = page.getByRole('region', { name: 'Cameras in view' }).getByRole('listitem');
  await expect(rows).toHaveCount(drawnOnes.length, drawn);
  await page.getByRole('button', { name: 'Clear filters' }).first().click();
  await expect(rows).toHaveCount(cameras.length, drawn);
  await expectAccessible(page);
});

test.describe('allowed', () => {
  test.use({ permissions: ['geolocation'], geolocation: { latitude: 35.66, longitude: 139.7 } });

  test('“near here” goes there', async ({ page }) => {
    await openEarth(page, '/?map=flat');
    await page.getByRole('button', { name: 'Near here' }).click();
    await expect.poll(() => viewOf(page), drawn).toMatch(/^35\.6\d*,139\.7\d*,/);
  });
});
