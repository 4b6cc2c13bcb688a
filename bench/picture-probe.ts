import { chromium, type Browser, type Page } from '@playwright/test';

import { decodeTimeCode, timeCodeCells, timeCodeRowHeight } from '#server/contracts/picture-time-code.ts';

import { findBrowser } from '../bin/browser.ts';
import { say } from './report.ts';

export async function openBrowser(moreArgs: readonly string[] = []): Promise<Browser> {
  const executablePath = await findBrowser(say);
  return chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: [
      '--no-sandbox',
      '--autoplay-policy=no-user-gesture-required',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      ...moreArgs,
    ],
  });
}

/** The time that stands in the picture on the screen, and the time it was looked at; null while there is no picture with a time code. */
export async function lookAtPicture(page: Page): Promise<{ captured: number; seen: number } | null> {
  const look = await page.evaluate(
    ({ cells, rowHeight }) => {
      const video = document.querySelector('video');
      if (!video || video.readyState < 2 || video.videoWidth === 0) return null;
      const canvas = document.createElement('canvas');
      canvas.width = video.videoWidth;
      canvas.height = 1;
      const context = canvas.getContext('2d', { willReadFrequently: true });
      if (!context) return null;
      const y = Math.floor(video.videoHeight * (1 - rowHeight / 2));
      context.drawImage(video, 0, y, video.videoWidth, 1, 0, 0, video.videoWidth, 1);
      const seen = Date.now();
      const { data } = context.getImageData(0, 0, canvas.width, 1);
      const lumas = Array.from({ length: cells }, (_, index) => {
        const at = Math.floor(((index + 0.5) * canvas.width) / cells) * 4;
        return 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
      });
      return { seen, lumas };
    },
    { cells: timeCodeCells, rowHeight: timeCodeRowHeight },
  );
  if (!look) return null;
  const captured = decodeTimeCode(look.lumas);
  return captured === null ? null : { captured, seen: look.seen };
}

/** Waits until two different times were seen in the picture: it moves. */
export async function untilMoving(page: Page, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  let first: number | null = null;
  while (Date.now() < deadline) {
    const look = await lookAtPicture(page).catch(() => null); // the page may be loading anew
    if (look && first !== null && look.captured !== first) return;
    if (look) first ??= look.captured;
    await page.waitForTimeout(20);
  }
  throw new Error(`no moving picture within ${withinMs} ms at ${page.url()}`);
}
