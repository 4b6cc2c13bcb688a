import { join } from 'node:path';

import { AxeBuilder } from '@axe-core/playwright';
import { expect, test as base, type Page } from '@playwright/test';

export const owner = { name: 'Aya Tanaka', email: 'aya@example.org', password: 'a sentence of four words' };

/** Where the owner's sign-in is kept for the tests that need it; git ignores the folder. */
export const ownerState = join('test-results', '.owner.json');

/** A camera that is a few seconds old has no thumbnail yet, and one that is not recorded none of a past moment: the browser reports the 404, the page shows a quiet place. */
const isExpected = (text: string, url: string): boolean =>
  text.includes('status of 404') && /[/]thumb\.jpg(?:\?at=\d+[^/]*)?$/.test(url);

/** Writes down what a page complains of in its console. */
export function watchFaults(page: Page, faults: string[]): void {
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    if (!isExpected(message.text(), message.location().url)) faults.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => faults.push(error.stack ?? error.message));
}

/** Next's pages stand before their scripts run: a press on them before that does nothing, and nobody is that quick by hand. */
const isAwake = () =>
  !document.querySelector('script[src*="/_next/"]') ||
  Object.keys(document.body).some((key) => key.startsWith('__reactFiber$'));

type Fixtures = { faults: string[] };

/** Every test fails on what a page complains of in its console. */
export const test = base.extend<Fixtures>({
  page: async ({ page }, give) => {
    const goTo = page.goto.bind(page);
    page.goto = async (address, options) => {
      const answer = await goTo(address, options);
      await page.waitForFunction(isAwake);
      return answer;
    };
    await give(page);
  },
  faults: [
    async ({ page }, use) => {
      const faults: string[] = [];
      watchFaults(page, faults);
      await use(faults);
      expect(faults, 'console of the page').toEqual([]);
    },
    { auto: true },
  ],
});

/** No violation that axe can see. */
export async function expectAccessible(page: Page): Promise<void> {
  // What is still fading in has the contrast of a moment.
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every(({ playState, effect }) => playState !== 'running' || effect?.getComputedTiming().endTime === Infinity),
  );
  const { violations } = await new AxeBuilder({ page }).analyze();
  const lines = violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  );
  expect(lines).toEqual([]);
}

export { expect };
