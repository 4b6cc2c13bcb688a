import type { Page } from '@playwright/test';

import { openEarth, recordedDrawn } from './earth-view.ts';
import { expect, ownerState, test } from './page-fixture.ts';
import { timeInPicture, pictureOf } from './picture.ts';
import { openWall } from './wall-view.ts';

/** The content security policy as a browser holds to it: nothing that our pages do is refused, and nothing else runs. */
test.use({ storageState: ownerState });

/** What a page's policy refused. Workers say so in the console, which every test looks at. */
async function watchViolations(page: Page): Promise<string[]> {
  const violations: string[] = [];
  await page.exposeFunction('tellViolation', (violation: string) => violations.push(violation));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const tell: unknown = Reflect.get(window, 'tellViolation');
      const { effectiveDirective, blockedURI, sourceFile, lineNumber, sample } = event;
      const violation = `${effectiveDirective} ${blockedURI} ${sourceFile}:${lineNumber} ${sample}`;
      if (typeof tell === 'function') Reflect.apply(tell, window, [violation]);
    });
  });
  return violations;
}

const main = (page: Page) => expect(page.locator('main').first()).toBeVisible();
const visits: Record<string, (page: Page) => Promise<unknown>> = {
  'the globe': (page) => openEarth(page),
  'the flat map': (page) => openEarth(page, '/?map=flat'),
  'the list of cameras': async (page) => {
    await page.goto('/cameras');
    await expect(page.getByRole('list', { name: 'Cameras' }).getByRole('link').first()).toBeVisible();
  },
  'a camera that plays': async (page) => {
    await page.goto(`/cameras/${(await recordedDrawn(page)).id}`);
    await expect.poll(async () => (await timeInPicture(pictureOf(page))).pictureMs).not.toBeNull();
  },
  'a wall that plays': (page) => openWall(page, 2),
  'a dialog, which locks the page behind it': async (page) => {
    await page.goto('/cameras');
    await main(page);
    await page.keyboard.press('ControlOrMeta+k');
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await page.evaluate(() => getComputedStyle(document.body).overflow)).toBe('hidden');
  },
  'the way in': async (page) => {
    await page.goto('/login');
    await main(page);
  },
  'the status of the system': async (page) => {
    await page.goto('/status');
    await expect(page.getByRole('table').first()).toBeVisible();
  },
  'the first run': async (page) => {
    await page.goto('/welcome');
    await main(page);
  },
};

for (const [name, visit] of Object.entries(visits)) {
  test(`nothing is refused by the policy: ${name}`, async ({ page }) => {
    test.setTimeout(90_000);
    const violations = await watchViolations(page);
    await visit(page);
    expect(violations).toEqual([]);
  });
}

test('a script that somebody wrote into a page does not run, and text is not made code', async ({ page, faults }) => {
  const violations = await watchViolations(page);
  await page.goto('/wall');
  await main(page);
  // In a turn of their own: what a debugger evaluates is not held to the policy.
  await page.evaluate(() => {
    setTimeout(() => {
      // Written by whoever fills a template; its document has the policy of ours.
      const frame = document.createElement('iframe');
      frame.srcdoc = '<script>parent.ranScript = true</script>';
      frame.addEventListener('load', () => document.body.setAttribute('data-frame', 'loaded'));
      document.body.append(frame);
    });
    setTimeout(() => {
      const place = document.createElement('div');
      place.innerHTML = '<img src="data:," onerror="window.ranHandler = true">';
      document.body.append(place);
    });
    setTimeout(() => {
      const link = document.createElement('a');
      link.href = 'javascript:void (window.ranAddress = true)';
      document.body.append(link);
      link.click();
    });
    setTimeout(() => {
      Reflect.apply(Reflect.construct(Function, ['window.ranText = true']), window, []);
    });
  });
  await expect(page.locator('body')).toHaveAttribute('data-frame', 'loaded');
  await expect.poll(() => violations.length).toBeGreaterThanOrEqual(3);
  expect(await page.evaluate(() => Object.keys(window).filter((name) => name.startsWith('ran')))).toEqual([]);
  expect(violations.map((violation) => violation.split(' ')[0])).toEqual(
    expect.arrayContaining(['script-src-elem', 'script-src-attr', 'script-src']),
  );
  // The browser says each refusal in the console as well.
  faults.length = 0;
});

test('every visit has a nonce of its own, and nobody may frame the pages', async ({ page }) => {
  const policies = await Promise.all(
    ['/login', '/login', '/cameras'].map(
      async (path) => (await page.request.get(path)).headers()['content-security-policy'] ?? '',
    ),
  );
  expect(new Set(policies.map((policy) => /'nonce-([^']{20,})'/.exec(policy)?.[1])).size).toBe(3);
  for (const policy of policies) {
    expect(policy).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic';/);
    expect(policy).toContain("frame-ancestors 'none'");
  }
});
