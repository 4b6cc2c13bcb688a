import type { Locator, Page } from '@playwright/test';

import { readTimeCode } from '#server/contracts/picture-time-code.ts';

type Grab = { width: number; height: number; data: number[]; atMs: number };

/** The pixels that a `<video>` shows, drawn small: enough to see whether anything moves. */
export async function sample(video: Locator): Promise<number[]> {
  return video.evaluate((element) => {
    if (!(element instanceof HTMLVideoElement)) throw new Error('not a video');
    const canvas = new OffscreenCanvas(160, 90);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    context.drawImage(element, 0, 0, 160, 90);
    return [...context.getImageData(0, 0, 160, 90).data];
  });
}

/** How many of the sampled values changed by more than the noise of an encoder. */
export function changed(before: readonly number[], after: readonly number[]): number {
  return before.filter((value, index) => Math.abs(value - (after[index] ?? 0)) > 12).length;
}

/** The time that the drawn picture itself tells, and the time at which it was looked at. */
export async function timeInPicture(video: Locator): Promise<{ pictureMs: number | null; atMs: number }> {
  const grab = await video.evaluate((element): Grab => {
    if (!(element instanceof HTMLVideoElement)) throw new Error('not a video');
    const { videoWidth: width, videoHeight: height } = element;
    if (height === 0) return { width: 0, height: 0, data: [], atMs: Date.now() };
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    const atMs = Date.now();
    context.drawImage(element, 0, 0);
    // The rows of the code alone: a whole picture is megabytes on its way to the test.
    const rows = Math.ceil(height / 24);
    const image = context.getImageData(0, height - rows, width, rows);
    return { width: canvas.width, height, data: [...image.data], atMs };
  });
  if (grab.height === 0) return { pictureMs: null, atMs: grab.atMs };
  const whole = new Uint8ClampedArray(grab.width * grab.height * 4);
  whole.set(grab.data, whole.length - grab.data.length);
  return { pictureMs: readTimeCode({ data: whole, width: grab.width, height: grab.height }), atMs: grab.atMs };
}

export const pictureOf = (page: Page): Locator => page.locator('video');

/** The page's own claim of how far behind the picture is. */
export async function claimedBehindMs(page: Page): Promise<number> {
  return Number(await page.getByTestId('behind').getAttribute('data-behind-ms'));
}
