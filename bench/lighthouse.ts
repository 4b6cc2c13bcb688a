import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { z } from 'zod';

import { findBrowser } from '../bin/browser.ts';
import { say } from './report.ts';

/** Fetched by npx when it is wanted: nothing else needs its hundred packages. */
const lighthouse = 'lighthouse@12.8.2';
const categories = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
const result = z.object({ categories: z.record(z.string(), z.object({ score: z.number().nullable() })) });

/** The least of Lighthouse's four scores of a page, 0…100, as a desktop sees it. */
export async function lowestScore(url: string): Promise<number> {
  const browser = await findBrowser(say);
  const { stdout } = await promisify(execFile)(
    'npx',
    [
      '--yes',
      lighthouse,
      url,
      '--output=json',
      '--quiet',
      '--preset=desktop',
      `--only-categories=${categories.join(',')}`,
      '--chrome-flags=--headless=new --no-sandbox --use-angle=swiftshader --enable-unsafe-swiftshader',
    ],
    {
      env: { ...process.env, ...(browser ? { CHROME_PATH: browser } : {}) },
      timeout: 240_000,
      maxBuffer: 64 * 1024 * 1024,
    },
  ).catch((error: unknown) => {
    // What it prints is the whole report of a page that could not be loaded.
    throw new Error(`Lighthouse could not look at ${url}`, { cause: error instanceof Error ? error.name : error });
  });
  const { categories: found } = result.parse(JSON.parse(stdout));
  const scores = categories.map((name) => Math.round((found[name]?.score ?? 0) * 100));
  say(`${new URL(url).pathname}: ${categories.map((name, index) => `${name} ${scores[index]}`).join(', ')}`);
  return Math.min(...scores);
}
