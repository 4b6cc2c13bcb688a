import { drawn, openEarth, planet, smallDesk, viewOf } from './earth-view.ts';
import { expect, test } from './page-fixture.ts';

test.describe.configure({ timeout: 90_000 });
test.use(smallDesk);

test('a shared address opens turned and leant as it was, and the compass puts north up again', async ({ page }) => {
  await openEarth(page, '/?v=40,10,6,30,20');
  const compass = page.getByRole('button', { name: /^Compass/ });
  await expect(compass).toHaveAccessibleName(/30°.*20°/, drawn);
  await compass.click();
  await expect(compass).toHaveCount(0, drawn);
  await expect.poll(() => viewOf(page), drawn).toBe('40,10,6');
});

test('the right button and the keys turn the planet, and N puts north up again', async ({ page }) => {
  await openEarth(page, '/?v=40,10,6');
  await expect.poll(() => viewOf(page), drawn).toBe('40,10,6');
  const box = await planet(page).boundingBox();
  if (!box) throw new Error('the planet has no box');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down({ button: 'right' });
  await page.mouse.move(box.x + box.width / 2 - 100, box.y + box.height / 2 - 60, { steps: 4 });
  await page.mouse.up({ button: 'right' });
  await expect.poll(() => viewOf(page), drawn).toMatch(/^40,10,6,\d+,\d+$/);
  await planet(page).focus();
  await page.keyboard.press('n');
  await expect.poll(() => viewOf(page), drawn).toBe('40,10,6');
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(() => viewOf(page), drawn).toBe('40,10,6,15');
});
