/** From the pointer's move onto a camera or a cluster to its card on the screen. */
import type { Page, Response } from '@playwright/test';
import { z } from 'zod';

import type { PlanetCamera } from './planet.ts';
import { percentile, say } from './report.ts';

const hoversWanted = 24;
const deadlineMs = 150_000;
const cardWithinMs = 3000;
const zoom = 6;

const place = z.object({ latitude: z.number(), longitude: z.number() });
type Place = z.infer<typeof place>;
const viewAnswer = z.object({
  result: z.object({ data: z.object({ json: z.object({ points: z.array(place), clusters: z.array(place) }) }) }),
});

/** What stands on the globe, from the page's own questions: tRPC answers several at once. */
async function placesOf(response: Response): Promise<Place[]> {
  const answers = z.array(z.unknown()).safeParse(await response.json().catch(() => null));
  for (const answer of answers.data ?? []) {
    const view = viewAnswer.safeParse(answer);
    if (view.success) return [...view.data.result.data.json.points, ...view.data.result.data.json.clusters];
  }
  return [];
}

/** The middle of the planet on the screen: of its box, less what the time bar covers. */
const middleOf = (page: Page) =>
  page.evaluate(() => {
    const box = document.querySelector('[role="application"]')?.getBoundingClientRect();
    return box ? { x: box.left + box.width / 2, y: box.top + (box.height - 56) / 2 } : { x: 0, y: 0 };
  });

/** As a link or the back button would: without motion the globe is there at once. */
async function lookAt(page: Page, { latitude, longitude }: Place): Promise<void> {
  const address = `/?v=${latitude.toFixed(4)},${longitude.toFixed(4)},${zoom}`;
  await page.evaluate((to) => window.history.pushState(null, '', to), address);
  // The address is followed by a flight, which without motion is one frame; then the view is asked for.
  await page.waitForTimeout(900);
}

const near = (places: readonly Place[], to: Place): Place | null => {
  const distance = (one: Place) => Math.hypot(one.latitude - to.latitude, one.longitude - to.longitude);
  return places.reduce<Place | null>((best, one) => (!best || distance(one) < distance(best) ? one : best), null);
};

/** Moves a real pointer there, and waits for the card. */
async function timeCard(page: Page, at: { x: number; y: number }): Promise<number | null> {
  // Beside the planet: on it something may stand anywhere.
  await page.mouse.move(20, at.y);
  const isAway = await page
    .waitForFunction(() => !document.querySelector('[data-hover-card]'), null, { timeout: cardWithinMs })
    .then(
      () => true,
      () => false,
    );
  if (!isAway) return null;
  const waited = page.evaluate(
    (withinMs) =>
      new Promise<number | null>((resolve) => {
        let movedAt: number | null = null;
        const moved = ({ timeStamp }: Event) => {
          movedAt ??= timeStamp;
        };
        // The first that the page is told: the other waits for its next picture.
        const told = ['pointerrawupdate', 'pointermove'];
        const end = (value: number | null) => {
          observer.disconnect();
          clearTimeout(deadline);
          for (const name of told) window.removeEventListener(name, moved, true);
          resolve(value);
        };
        const observer = new MutationObserver(() => {
          if (movedAt !== null && document.querySelector('[data-hover-card]')) end(performance.now() - movedAt);
        });
        const deadline = setTimeout(() => end(null), withinMs);
        for (const name of told) window.addEventListener(name, moved, true);
        observer.observe(document.body, { childList: true, subtree: true });
      }),
    cardWithinMs,
  );
  // The listener stands before the pointer goes.
  await page.evaluate(() => undefined);
  await page.mouse.move(at.x, at.y);
  return waited;
}

/** p95 of two dozen hovers on the globe as it stands at these cameras. */
export async function timeHovers(page: Page, address: string, cameras: readonly PlanetCamera[]): Promise<number> {
  say(`hovering ${hoversWanted} cameras…`);
  let places: Place[] = [];
  const listen = async (response: Response) => {
    if (!response.url().includes('earth.view')) return;
    const found = await placesOf(response);
    if (found.length > 0) places = found;
  };
  const onResponse = (response: Response) => void listen(response);
  page.on('response', onResponse);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(`${address}/?v=35,139,${zoom}`);
  await page.waitForFunction(
    () => 'globeStats' in window && Array.isArray(window.globeStats) && window.globeStats.length > 0,
  );
  const at = await middleOf(page);
  const times: number[] = [];
  let missed = 0;
  const until = Date.now() + deadlineMs;
  for (let turn = 0; times.length < hoversWanted && Date.now() < until; turn += 1) {
    const camera = cameras[(turn * 997) % cameras.length];
    if (!camera) continue;
    await lookAt(page, camera);
    const target = near(places, camera);
    if (!target) continue;
    await lookAt(page, target);
    const ms = await timeCard(page, at);
    if (ms === null) missed += 1;
    else times.push(ms);
  }
  page.off('response', onResponse);
  await page.emulateMedia({ reducedMotion: null });
  say(
    `hover: p50 ${percentile(times, 0.5).toFixed(0)} ms, p95 ${percentile(times, 0.95).toFixed(0)} ms of ${times.length}; ${missed} without a card`,
  );
  if (times.length < hoversWanted / 2) throw new Error(`only ${times.length} hovers found a card`);
  return percentile(times, 0.95);
}
