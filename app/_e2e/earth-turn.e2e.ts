import { drawn, fingersOn, litPart, openEarth, planet, smallDesk, viewOf } from './earth-view.ts';
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

test('a planet that nobody touches for half a minute turns slowly by itself', async ({ page }) => {
  // Where the main processor draws nothing moves by itself: this one says that it is a graphics card.
  await page.addInitScript(() => {
    const original: unknown = Reflect.get(WebGL2RenderingContext.prototype, 'getParameter');
    if (typeof original !== 'function') return;
    Object.defineProperty(WebGL2RenderingContext.prototype, 'getParameter', {
      value(this: WebGL2RenderingContext, name: number): unknown {
        const found: unknown = Reflect.apply(original, this, [name]);
        return typeof found === 'string' && /swiftshader/i.test(found) ? 'A graphics card' : found;
      },
    });
  });
  // It turns with all that is beautiful: few pixels of it.
  await page.setViewportSize({ width: 640, height: 420 });
  await page.clock.install();
  await openEarth(page, '/?v=20,0,0');
  await expect.poll(() => litPart(page), drawn).toBeGreaterThan(0.1);
  const longitude = () => Number(viewOf(page)?.split(',')[1]);
  const before = longitude();
  await page.clock.fastForward('00:31');
  // Westwards, as the sun goes.
  await expect.poll(longitude, drawn).toBeLessThan(before - 0.5);
});

test.describe('a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('two fingers turn the planet, lean it, and pinch it, each without the others', async ({ page }) => {
    await openEarth(page, '/?v=40,10,6');
    // Fingers find nothing to hold before it is drawn.
    await expect.poll(() => litPart(page), drawn).toBeGreaterThan(0.1);
    const touch = await fingersOn(page);
    const [x, y, far] = [195, 400, 80];
    // Up together: the eye leans, and north stays where it is.
    await touch(
      [
        { x: x - 45, y: y + 60 },
        { x: x + 45, y: y + 60 },
      ],
      [
        { x: x - 45, y: y - 40 },
        { x: x + 45, y: y - 40 },
      ],
    );
    await expect.poll(() => viewOf(page), drawn).toMatch(/^[\d.]+,[\d.]+,6,0,\d+$/);
    // Around each other: the compass turns.
    await touch(
      [
        { x: x - far, y },
        { x: x + far, y },
      ],
      [
        { x, y: y - far },
        { x, y: y + far },
      ],
    );
    await expect.poll(() => Number(viewOf(page)?.split(',')[3]), drawn).toBeGreaterThan(20);
  });
});
