import { z } from 'zod';

import { startFakeRtspServer } from '#server/testing/fake-rtsp-server.ts';

import { card, demoCameras, drawn, litPart, openEarth, planet, sheetOf, viewOf, smallDesk } from './earth-view.ts';
import { expect, expectAccessible, ownerState, test, watchFaults } from './page-fixture.ts';

test.describe.configure({ timeout: 120_000 });
test.use(smallDesk);

const turnsWithinMs = 5000;

test('a globe that loses WebGL stands again when it comes back, where it was', async ({ page }) => {
  await openEarth(page);
  await expect.poll(() => litPart(page), drawn).toBeGreaterThan(0.1);
  const before = viewOf(page);
  const extension = await page.evaluateHandle(() => {
    const found = document.querySelector('canvas')?.getContext('webgl2')?.getExtension('WEBGL_lose_context');
    if (!found) throw new Error('no way to lose the context');
    found.loseContext();
    return found;
  });
  // Everything that is no picture goes on.
  await expect(page.getByRole('list', { name: 'Cameras by state' }).getByRole('button').first()).toBeVisible();
  const frames = await page.evaluateHandle(() => {
    const drawnSince: unknown[] = [];
    window.addEventListener('sensorium:globe', (event) => drawnSince.push(event));
    return drawnSince;
  });
  await extension.evaluate((found) => found.restoreContext());
  await expect.poll(() => frames.evaluate((all) => all.length), drawn).toBeGreaterThan(0);
  await expect.poll(() => litPart(page), drawn).toBeGreaterThan(0.1);
  expect(viewOf(page)).toBe(before);
  const box = await planet(page).boundingBox();
  await page.mouse.move((box?.width ?? 0) / 2 + (box?.x ?? 0), (box?.height ?? 0) / 2);
  await page.mouse.wheel(0, -600);
  await expect.poll(() => viewOf(page), drawn).not.toBe(before);
});

test('a browser without WebGL gets a plain map and list with the same search and addresses', async ({ page }) => {
  await page.addInitScript(() => {
    const original: unknown = Reflect.get(HTMLCanvasElement.prototype, 'getContext');
    if (typeof original !== 'function') return;
    Object.defineProperty(HTMLCanvasElement.prototype, 'getContext', {
      value(this: HTMLCanvasElement, kind: string, ...rest: unknown[]): unknown {
        return kind.startsWith('webgl') ? null : Reflect.apply(original, this, [kind, ...rest]);
      },
    });
  });
  const [camera] = await demoCameras(page);
  await openEarth(page);
  await expect(page.getByRole('button', { name: 'Flat map' })).toHaveCount(0);
  // The land is quieter than anything that counts as lit.
  const landPart = () =>
    planet(page)
      .locator('canvas')
      .evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
        return data.filter((value, index) => index % 4 === 3 && value > 0).length / (canvas.width * canvas.height);
      });
  await expect.poll(landPart, drawn).toBeGreaterThan(0.1);
  const find = page.getByRole('combobox', { name: 'Search and actions' });
  await find.fill('osaka');
  await page.getByRole('option').filter({ hasText: 'Osaka' }).first().click();
  await expect.poll(() => viewOf(page), drawn).toMatch(/^34\.[67]\d*,135\.[45]\d*,/);
  await find.fill(camera?.name ?? '');
  await page
    .getByRole('option')
    .filter({ hasText: camera?.name ?? '' })
    .first()
    .click();
  await expect(sheetOf(page).getByRole('heading', { level: 2, name: camera?.name ?? '' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'List of cameras in view' }).click();
  const list = page.getByRole('region', { name: 'Cameras in view' });
  await expect(list.getByRole('button', { name: camera?.name ?? '' })).toBeVisible();
  await expectAccessible(page);
});

test.describe('the owner', () => {
  test.use({ storageState: ownerState });

  test('a camera that dies turns its point within five seconds, and says why and what was last seen of it', async ({
    page,
    faults,
  }) => {
    const camera = await startFakeRtspServer();
    let id = '';
    try {
      const made = await page.request.post('/api/v1/cameras', {
        data: {
          name: 'Mortal',
          latitude: -40,
          longitude: -120,
          kind: 'rtsp',
          address: camera.url,
          ingest: 'always',
          visibility: 'public',
          recordPolicy: { mode: 'always', maxAgeSeconds: 3600, maxBytes: null },
        },
      });
      expect(made.status()).toBe(201);
      ({ id } = z.object({ id: z.string() }).parse(await made.json()));
      await openEarth(page, '/?map=flat&v=-40,-120,6');
      await planet(page).focus();
      await expect(async () => {
        await page.keyboard.press('Enter');
        await expect(card(page)).toContainText('Mortal', { timeout: 1500 });
      }).toPass(drawn);
      await expect(card(page)).toContainText('Live', drawn);
      await camera.kill();
      await expect(card(page)).not.toContainText('Live', { timeout: turnsWithinMs });
      await expect(card(page)).toContainText(/Delayed|Offline/);
      await expect(card(page)).toContainText('Offline', drawn);
      // Whoever comes now sees it too, and no console complains of the playlist that does not come.
      const later = await page.context().newPage();
      watchFaults(later, faults);
      await later.goto(`/cameras/${id}`);
      await expect(later.getByText('Nothing arrives from this camera')).toBeVisible();
      await expect(later.getByText(/^\w.* · Last picture .*\d\d:\d\d:\d\d$/)).toBeVisible();
      await expect(later.getByText('Opening the stream')).toHaveCount(0);
      // Where the player still has its last seconds it shows them, else a still of the recording.
      const seesLast = () =>
        later
          .locator('section video, section img')
          .evaluateAll((all) =>
            all.some(
              (one) =>
                (one instanceof HTMLVideoElement ? one.videoWidth : Number(Reflect.get(one, 'naturalWidth'))) > 0,
            ),
          );
      await expect.poll(seesLast, drawn).toBe(true);
      await later.close();
    } finally {
      if (id !== '') await page.request.delete(`/api/v1/cameras/${id}`);
      await camera.close();
    }
  });
});
