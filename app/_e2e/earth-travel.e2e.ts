import {
  drawn,
  demoCameras,
  firstCamera,
  openEarth,
  planet,
  recordedDrawn,
  sheetOf,
  timeSlider,
  smallDesk,
} from './earth-view.ts';
import { expect, test, watchFaults } from './page-fixture.ts';
import { pictureOf, timeInPicture } from './picture.ts';

test.describe.configure({ timeout: 120_000 });
test.use(smallDesk);

test('the globe travels back with sun, states and picture; the shared address shows somebody else the same; and now is back', async ({
  page,
  browser,
  faults,
}) => {
  const camera = await recordedDrawn(page);
  await openEarth(page, `/?camera=${camera.id}&light=day`);
  const pictureMs = async () => (await timeInPicture(pictureOf(page))).pictureMs ?? 0;
  await expect.poll(async () => Date.now() - (await pictureMs()), drawn).toBeLessThan(10_000);

  const past = page.waitForResponse(
    (answer) => answer.url().includes('earth.view') && decodeURIComponent(answer.url()).includes('"at":"'),
  );
  await timeSlider(page).focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(page).toHaveURL(/[?&]t=/);
  expect((await past).status()).toBe(200);
  await expect(page.getByRole('region', { name: 'Time of the planet' })).toHaveAttribute('data-mode', 'past');
  // 30 s ago: the nearest past, and two steps of ten seconds; by the clock in the picture.
  const ageMs = async () => Date.now() - (await pictureMs());
  await expect
    .poll(async () => {
      const age = await ageMs();
      return age > 24_000 && age < 45_000;
    }, drawn)
    .toBe(true);
  await expect(sheetOf(page).getByText('Recorded').first()).toBeVisible();

  // The flat map goes along in the address.
  await page.getByRole('button', { name: 'Flat map' }).click();
  await expect(page).toHaveURL(/map=flat/);
  await sheetOf(page).getByRole('button', { name: 'Share' }).click();
  const address = await page.getByRole('textbox', { name: 'Address of this view' }).inputValue();
  // The picture that other sites show beside it is of the same moment.
  const preview = page.getByRole('img', { name: 'Picture beside the link' });
  expect(await preview.getAttribute('src')).toMatch(/^[/]og[/]camera[/][\da-f-]+[?]locale=en&t=\d{4}-/);
  await expect
    .poll(() => preview.evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth), drawn)
    .toBe(1200);
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  const sharedMs = Date.parse(new URL(address).searchParams.get('t') ?? '');
  expect(Math.abs(Date.now() - sharedMs - 30_000)).toBeLessThan(15_000);

  await page.getByRole('region', { name: 'Time of the planet' }).getByRole('button', { name: 'Back to now' }).click();
  await expect(page).not.toHaveURL(/[?&]t=/);
  await expect.poll(ageMs, drawn).toBeLessThan(10_000);

  // Two planets at once are too much for one processor: each waits for seconds until the other's picture is drawn.
  await page.goto('about:blank');
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 900, height: 700 } });
  const other = await context.newPage();
  watchFaults(other, faults);
  const openedMs = Date.now();
  await other.goto(address);
  await expect(sheetOf(other).getByRole('heading', { level: 2, name: camera.name })).toBeVisible(drawn);
  await expect(other.getByRole('button', { name: 'Daylight' })).toHaveAttribute('aria-pressed', 'true');
  await expect(other.getByRole('button', { name: 'Globe' })).toBeVisible(drawn);
  await expect.poll(async () => (await timeInPicture(pictureOf(other))).pictureMs ?? 0, drawn).toBeGreaterThan(0);
  const seen = await timeInPicture(pictureOf(other));
  // It began at the shared moment and has run since.
  const runMs = (seen.pictureMs ?? 0) - sharedMs;
  expect(runMs).toBeGreaterThan(-3000);
  expect(runMs).toBeLessThan(seen.atMs - openedMs + 3000);
  await context.close();
});

test('ten minutes back by one key the planet is ten minutes back, and says so where nothing was recorded', async ({
  page,
}) => {
  const camera = await firstCamera(page);
  expect(camera.recordPolicy.mode).toBe('off');
  await openEarth(page, `/?camera=${camera.id}&map=flat`);
  const past = page.waitForRequest((request) => decodeURIComponent(request.url()).includes('"at":"'));
  await timeSlider(page).focus();
  await page.keyboard.press('PageDown');
  const asked = decodeURIComponent((await past).url());
  // The nearest past, and ten minutes.
  const agoMs = Date.now() - Date.parse(/"at":"([^"]+)"/.exec(asked)?.[1] ?? '');
  expect(agoMs).toBeGreaterThan(605_000);
  expect(agoMs).toBeLessThan(640_000);
  await expect(sheetOf(page).getByText(/^Nothing was recorded at /)).toBeVisible();
  await page.keyboard.press('End');
  await expect(page).not.toHaveURL(/[?&]t=/);
});

test('four are pinned from their sheets, play as a wall, and travel with it', async ({ page }) => {
  const four = (await demoCameras(page)).slice(0, 4);
  await openEarth(page, '/?map=flat&v=20,100,0.6');
  for (const camera of four) {
    const find = page.getByRole('combobox', { name: 'Search and actions' });
    await find.fill(camera.name);
    await page.getByRole('option').filter({ hasText: camera.name }).first().click();
    await expect(sheetOf(page).getByRole('heading', { level: 2, name: camera.name })).toBeVisible();
    await sheetOf(page).getByRole('button', { name: 'Pin to the wall' }).click();
    await expect(sheetOf(page).getByRole('button', { name: 'Take from the wall' })).toBeVisible();
  }
  await sheetOf(page).getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'Wall of 4' }).click();
  await expect(page).toHaveURL(new RegExp(`wall=${four.map(({ id }) => id).join(',')}&show=wall`));
  const facts = page.getByRole('region', { name: 'Camera wall' }).getByTestId('tile-facts');
  await expect(facts).toHaveCount(4);
  const ages = async () =>
    (
      await facts.evaluateAll((all) => all.map((one) => Date.now() - Number(one.dataset['pictureMs'] ?? Number.NaN)))
    ).filter((age) => Number.isFinite(age));
  await expect.poll(async () => (await ages()).filter((age) => age < 20_000).length, drawn).toBe(4);

  const recorded = four.filter(({ recordPolicy }) => recordPolicy.mode !== 'off').length;
  await timeSlider(page).focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(page).toHaveURL(/[?&]t=/);
  await expect
    .poll(async () => (await ages()).filter((age) => age > 24_000 && age < 45_000).length, drawn)
    .toBe(recorded);
  await page.keyboard.press('End');
  await expect(page).not.toHaveURL(/[?&]t=/);
  await page.getByRole('region', { name: 'Camera wall' }).getByRole('button', { name: 'Close the wall' }).click();
  await expect(planet(page)).toBeVisible();
});
