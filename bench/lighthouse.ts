import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { z } from 'zod';

import { findBrowser } from '../bin/browser.ts';
import { say } from './report.ts';

/** Fetched by npx when it is wanted: nothing else needs its hundred packages. */
const lighthouse = 'lighthouse@12.8.2';
const categories = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
/** What the performance is made of, in the order in which it happens. */
const metrics = {
  FCP: 'first-contentful-paint',
  LCP: 'largest-contentful-paint',
  SI: 'speed-index',
  TBT: 'total-blocking-time',
  CLS: 'cumulative-layout-shift',
} as const;
const result = z.object({
  categories: z.record(z.string(), z.object({ score: z.number().nullable() })),
  audits: z.record(z.string(), z.object({ displayValue: z.string().optional() })),
});

/** Single runs of one page differ by several points on a shared machine. */
const desktopRuns = 3;

type Form = 'desktop' | 'mobile';

/**
 * The least of Lighthouse's four scores of a page, 0…100: of the median run as a desktop. The goals are held against that one: it takes times as
 * they were measured. Lighthouse's phone multiplies by four what the browser did here, where it shares two cores with the house and decodes and
 * draws without a GPU, which no phone does; what it says is printed beside.
 */
export async function lowestScore(url: string): Promise<number> {
  const runs: Scores[] = [];
  for (let run = 0; run < desktopRuns; run += 1) runs.push(await look(url, 'desktop'));
  await look(url, 'mobile');
  const lowest = runs.map((scores) => Math.min(...scores)).toSorted((one, other) => one - other);
  return lowest[Math.floor(lowest.length / 2)] ?? 0;
}

type Scores = readonly number[];

/** Once more where it lost its own trace, as it does now and then. */
async function look(url: string, form: Form): Promise<Scores> {
  try {
    return await lookOnce(url, form);
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}: once more`);
    return lookOnce(url, form);
  }
}

async function lookOnce(url: string, form: Form): Promise<Scores> {
  const browser = await findBrowser(say);
  const { stdout } = await promisify(execFile)(
    'npx',
    [
      '--yes',
      lighthouse,
      url,
      '--output=json',
      '--quiet',
      // Without a preset it is a phone.
      ...(form === 'desktop' ? ['--preset=desktop'] : []),
      `--only-categories=${categories.join(',')}`,
      '--chrome-flags=--headless=new --no-sandbox --use-angle=swiftshader --enable-unsafe-swiftshader',
    ],
    {
      env: { ...process.env, ...(browser ? { CHROME_PATH: browser } : {}) },
      timeout: 150_000,
      maxBuffer: 64 * 1024 * 1024,
    },
  ).catch((error: unknown) => {
    // What it prints is the whole report of a page that could not be loaded.
    throw new Error(`Lighthouse could not look at ${url}`, { cause: error instanceof Error ? error.name : error });
  });
  const { categories: found, audits } = result.parse(JSON.parse(stdout));
  const scores = categories.map((name) => Math.round((found[name]?.score ?? 0) * 100));
  const said = categories.map((name, index) => `${name} ${scores[index]}`);
  const made = Object.entries(metrics).map(([name, audit]) => `${name} ${audits[audit]?.displayValue ?? '–'}`);
  say(`${new URL(url).pathname} (${form}): ${said.join(', ')}; ${made.join(', ')}`);
  return scores;
}
