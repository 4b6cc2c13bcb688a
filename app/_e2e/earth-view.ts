import type { Locator, Page } from '@playwright/test';

import { cameraPage, type CameraView } from '#server/contracts/camera.ts';

import { expect } from './page-fixture.ts';

/** The globe is drawn by software here: it is given the time that a machine without a graphics card needs. */
export const drawn = { timeout: 30_000 };

/** A processor that draws in a graphics card's stead is given fewer pixels. */
export const smallDesk = { viewport: { width: 1100, height: 700 } };

export const planet = (page: Page): Locator => page.getByRole('application', { name: 'Earth with cameras' });
export const card = (page: Page): Locator => page.getByTestId('hover-card');
export const sheetOf = (page: Page): Locator => page.locator('aside[data-rest]');
export const timeSlider = (page: Page): Locator => page.getByRole('slider', { name: 'Time of the planet' });
export const viewOf = (page: Page): string | null => new URL(page.url()).searchParams.get('v');

/** The planet is there once it has drawn itself, and has told the address where it looks. */
export async function openEarth(page: Page, address = '/'): Promise<void> {
  await page.goto(address);
  await expect(planet(page)).toHaveAttribute('aria-busy', 'false', drawn);
  await expect.poll(() => viewOf(page), drawn).not.toBeNull();
}

/** Demo cameras, those that are recorded first. */
export async function demoCameras(page: Page): Promise<CameraView[]> {
  const answer = await page.request.get('/api/v1/cameras?limit=100');
  const { items } = cameraPage.parse(await answer.json());
  return items
    .filter(({ demo }) => demo)
    .toSorted((one, other) => one.recordPolicy.mode.localeCompare(other.recordPolicy.mode));
}

export async function firstCamera(page: Page): Promise<CameraView> {
  const [camera] = (await demoCameras(page)).toReversed();
  if (!camera) throw new Error('no demo camera in this house');
  return camera;
}

/** The drawn one that is recorded: its picture says of what moment it is. */
export async function recordedDrawn(page: Page): Promise<CameraView> {
  const camera = (await demoCameras(page)).find(
    ({ kind, recordPolicy }) => kind === 'synthetic' && recordPolicy.mode !== 'off',
  );
  if (!camera) throw new Error('no drawn camera is recorded');
  return camera;
}

/** Which part of what is on the screen is not the dark of space, 0 to 1. */
export async function litPart(page: Page): Promise<number> {
  const picture = (await planet(page).screenshot()).toString('base64');
  return page.evaluate(async (png) => {
    const bytes = Uint8Array.from(atob(png), (sign) => sign.codePointAt(0) ?? 0);
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(96, 60).getContext('2d');
    if (!context) throw new Error('no canvas');
    context.drawImage(bitmap, 0, 0, 96, 60);
    const { data } = context.getImageData(0, 0, 96, 60);
    let lit = 0;
    for (let at = 0; at < data.length; at += 4) {
      if ((data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0) > 90) lit += 1;
    }
    return lit / (96 * 60);
  }, picture);
}

type Finger = { x: number; y: number };

/** Fingers that go down, move in steps and leave. */
export async function fingersOn(page: Page): Promise<(from: Finger[], to: Finger[]) => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  const steps = 8;
  return async (from, to) => {
    await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: from });
    for (let step = 1; step <= steps; step += 1) {
      const touchPoints = from.map(({ x, y }, index) => ({
        x: x + (((to[index]?.x ?? x) - x) * step) / steps,
        y: y + (((to[index]?.y ?? y) - y) * step) / steps,
      }));
      await session.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints });
    }
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  };
}
