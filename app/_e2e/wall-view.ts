import type { Locator, Page } from '@playwright/test';

import { cameraPage } from '#server/contracts/camera.ts';

import { expect } from './page-fixture.ts';

export const behindMsMax = 20_000;

/** Demo cameras, those that are recorded first; the drawn ones of them carry their own time code. */
export async function demoCameras(page: Page, count: number): Promise<{ ids: string[]; drawn: number[] }> {
  const answer = await page.request.get('/api/v1/cameras?limit=50');
  const items = cameraPage
    .parse(await answer.json())
    .items.filter(({ demo }) => demo)
    .toSorted((one, other) => one.recordPolicy.mode.localeCompare(other.recordPolicy.mode));
  const taken = items.slice(0, count);
  expect(taken).toHaveLength(count);
  return {
    ids: taken.map(({ id }) => id),
    drawn: taken.flatMap(({ kind }, index) => (kind === 'synthetic' ? [index] : [])),
  };
}

export const tiles = (page: Page): Locator =>
  page.getByRole('region', { name: 'Camera wall' }).locator('[data-wall-index]');

/** A number that a tile says of its picture; null while it says none. */
export async function said(tile: Locator, name: 'data-picture-ms' | 'data-drift-ms'): Promise<number | null> {
  const text = await tile.getByTestId('tile-facts').getAttribute(name);
  return text === null ? null : Number(text);
}

/** How many tiles show a picture that is this old. */
export async function countOfAge(page: Page, fromMs: number, toMs: number): Promise<number> {
  const moments = await Promise.all((await tiles(page).all()).map((tile) => said(tile, 'data-picture-ms')));
  return moments.filter((ms) => ms !== null && Date.now() - ms >= fromMs && Date.now() - ms <= toMs).length;
}

/** A wall of so many demo cameras, when each of them plays. */
export async function openWall(page: Page, count: number): Promise<{ ids: string[]; drawn: number[] }> {
  const cameras = await demoCameras(page, count);
  await page.goto(`/wall?wall=${cameras.ids.join(',')}`);
  await expect(tiles(page)).toHaveCount(count);
  await expect.poll(() => countOfAge(page, 0, behindMsMax), { timeout: 30_000 }).toBe(count);
  return cameras;
}
