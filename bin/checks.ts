/** `npm test`: everything that must hold, in one run, with one plain closing line. */
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';

import { z } from 'zod';

import { compileCache } from '#server/supervisor/compile-cache.ts';
import { freePort } from '#server/supervisor/ports.ts';
import { preparation } from '#server/supervisor/prepare.ts';

import { findBrowser } from './browser.ts';
import { fuzzFreshHouse } from './fuzz-api.ts';
import { installPeers } from './peers.ts';
import { withRunningSystem } from './running-system.ts';

const root = resolve(import.meta.dirname, '..');
const reports = join(root, 'test-results');
const lineCoverageMin = 80;

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  /** What failed, by name and with the first line of why: the end of a log is what is read. */
  faults?: string[];
  /** What passed at the second look only. */
  secondLooks?: string[];
}
interface Check {
  name: string;
  run: () => Promise<Tally>;
}

const say = (text: string) => process.stdout.write(`${text}\n`);
const bin = (name: string) => join(root, 'node_modules/.bin', name);
const one = (ok: boolean): Tally => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 });

async function run(command: string, args: string[], env: Record<string, string> = {}): Promise<boolean> {
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  await once(child, 'close');
  return child.exitCode === 0;
}

const tool = (name: string, ...args: string[]) => ({ name, run: async () => one(await run(bin(name), args)) });

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
});

/** Colours of a terminal, which reports carry along. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const colours = /\u001b\[[0-9;]*m/g;
const fault = (name: string, why = '') => `${name}: ${why.replaceAll(colours, '').split('\n')[0]?.slice(0, 300) ?? ''}`;

async function runVitest(): Promise<Tally> {
  const file = join(reports, 'vitest.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  // The processes that tests start are compiled already: they start as the product's do.
  const compiled = { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(root, compileCache) };
  const ok = await run(bin('vitest'), ['run', '--coverage', ...reporters], compiled);
  if (!existsSync(file)) return one(false);
  const report = vitestReport.parse(JSON.parse(readFileSync(file, 'utf8')));
  // A file that can't be loaded counts no failed test, and yet the run failed.
  const failed = report.numFailedTests === 0 && !ok ? 1 : report.numFailedTests;
  const faults = report.testResults.flatMap(({ name, message, assertionResults }) => {
    const where = relative(root, name);
    const failedHere = assertionResults.filter(({ status }) => status === 'failed');
    if (message && failedHere.length === 0) return [fault(where, message)];
    return failedHere.map(({ fullName, failureMessages }) => fault(`${where} › ${fullName}`, failureMessages?.[0]));
  });
  return { passed: report.numPassedTests, failed, skipped: report.numPendingTests, faults };
}

const coverageSummary = z.record(z.string(), z.object({ lines: z.object({ total: z.number(), covered: z.number() }) }));

/** Lines of `server/` and `sidecars/` that the tests above ran. */
async function checkCoverage(): Promise<Tally> {
  const file = join(root, 'coverage/coverage-summary.json');
  if (!existsSync(file)) return one(false);
  const files = Object.entries(coverageSummary.parse(JSON.parse(readFileSync(file, 'utf8'))));
  const ours = files.filter(([path]) => /[/](server|sidecars)[/]/.test(path)).map(([, { lines }]) => lines);
  const sum = (key: 'total' | 'covered') => ours.reduce((total, lines) => total + lines[key], 0);
  const percent = (100 * sum('covered')) / Math.max(1, sum('total'));
  say(`line coverage of server/ and sidecars/: ${percent.toFixed(1)} % (at least ${lineCoverageMin} %)`);
  return one(percent >= lineCoverageMin);
}

const playwrightSuite = z.object({
  file: z.string(),
  specs: z.array(
    z.object({
      title: z.string(),
      tests: z.array(
        z.object({
          status: z.string(),
          results: z.array(z.object({ error: z.object({ message: z.string().optional() }).optional() })),
        }),
      ),
    }),
  ),
  get suites() {
    return z.array(playwrightSuite).optional();
  },
});
const playwrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
  suites: z.array(playwrightSuite),
});

/** Those that ended so, by name and with why they failed. */
function endedAs(status: string, { file, specs, suites = [] }: z.infer<typeof playwrightSuite>): string[] {
  const here = specs.flatMap(({ title, tests }) => {
    const these = tests.filter((ended) => ended.status === status);
    const why = these.flatMap(({ results }) => results.flatMap(({ error }) => error?.message ?? []));
    return these.length > 0 ? [fault(`${file} › ${title}`, why[0])] : [];
  });
  return [...here, ...suites.flatMap((suite) => endedAs(status, suite))];
}

async function runBrowserTests(): Promise<Tally> {
  const browser = await findBrowser(say);
  const file = join(reports, 'playwright.json');
  // For the system, and for the test that is its provider meanwhile (oidc.e2e.ts): nothing listens there before.
  const oidc = {
    OIDC_ISSUER: `http://127.0.0.1:${await freePort()}`,
    OIDC_CLIENT_ID: 'sensorium',
    OIDC_CLIENT_SECRET: randomBytes(24).toString('hex'),
    OIDC_NAME: 'Test provider',
  };
  await withRunningSystem(
    root,
    (system) =>
      run(bin('playwright'), ['test', '--reporter=list,json'], {
        ...oidc,
        E2E_BASE_URL: system.address,
        E2E_OWNER_LINK: system.ownerLink ?? '',
        PLAYWRIGHT_JSON_OUTPUT_NAME: file,
        ...(browser ? { CHROMIUM_PATH: browser } : {}),
      }),
    { env: oidc },
  );
  if (!existsSync(file)) return one(false);
  const { stats, suites } = playwrightReport.parse(JSON.parse(readFileSync(file, 'utf8')));
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
    faults: suites.flatMap((suite) => endedAs('unexpected', suite)),
    secondLooks: suites.flatMap((suite) => endedAs('flaky', suite)),
  };
}

/** Schemathesis over the REST doors of a house of its own; skipped where Python is missing, the vitest fuzz of the same document is not. */
async function fuzz(): Promise<Tally> {
  const isWell = await fuzzFreshHouse();
  return isWell === null ? { passed: 0, failed: 0, skipped: 1 } : one(isWell);
}

/** The words of the commits that are here; a source archive without history has none to check. */
async function checkCommits(): Promise<Tally> {
  if (!existsSync(join(root, '.git'))) return { passed: 0, failed: 0, skipped: 1 };
  return one(await run(process.execPath, [join(root, 'bin/check-commits.mjs')]));
}

/** No key or token of anybody's in what is published; binary files hold none. */
async function checkSecrets(): Promise<Tally> {
  if (!existsSync(join(root, '.git'))) return { passed: 0, failed: 0, skipped: 1 };
  const { stdout } = await promisify(execFile)('git', ['ls-files', '-z'], { cwd: root, maxBuffer: 16_000_000 });
  const files = stdout
    .split('\0')
    .filter((file) => file !== '' && !/[.](mp4|jpe?g|png|webp|bin|woff2|pem)$/.test(file));
  return one(await run(bin('secretlint'), ['--secretlintrc', '.secretlintrc.json', ...files]));
}

async function prepare(): Promise<Tally> {
  for (const step of preparation(root, { web: true })) {
    say(`${step.name}…`);
    await step.run();
  }
  return one(await run(bin('next'), ['typegen']));
}

const checks: Check[] = [
  { name: 'prepare', run: prepare },
  tool('oxfmt', '--check'),
  tool('oxlint', '--type-aware'),
  { name: 'secretlint', run: checkSecrets },
  tool('tsc', '--noEmit'),
  tool('depcruise', 'app', 'server', 'sidecars', 'prisma'),
  tool('knip'),
  { name: 'commits', run: checkCommits },
  { name: 'unit, database and media tests', run: runVitest },
  { name: 'coverage', run: checkCoverage },
  { name: 'browser tests', run: runBrowserTests },
  { name: 'schemathesis', run: fuzz },
];

/** Runs all checks, or those whose name begins with one of `only`; sets the exit code. */
export async function runChecks(only: string[]): Promise<void> {
  mkdirSync(reports, { recursive: true });
  await installPeers(say);
  const total = { passed: 0, failed: 0, skipped: 0 };
  const faults: string[] = [];
  const secondLooks: string[] = [];
  const chosen = checks.filter(({ name }) => only.length === 0 || only.some((word) => name.startsWith(word)));
  const rows: string[] = [];
  for (const { name, run: runCheck } of chosen) {
    say(`\n── ${name}`);
    const began = performance.now();
    const tally = await runCheck().catch((error: unknown) => {
      say(error instanceof Error ? error.message : String(error));
      return one(false);
    });
    total.passed += tally.passed;
    total.failed += tally.failed;
    total.skipped += tally.skipped;
    secondLooks.push(...(tally.secondLooks ?? []));
    if (tally.failed) faults.push(...(tally.faults?.length ? tally.faults : [name]));
    rows.push(
      `${tally.failed ? '✕' : '✓'} ${name.padEnd(32)} ${((performance.now() - began) / 1000).toFixed(1).padStart(7)} s`,
    );
  }
  say(`\n${rows.join('\n')}\n`);
  if (secondLooks.length > 0)
    say(`Passed at the second look only:\n${secondLooks.map((line) => `  ~ ${line}`).join('\n')}\n`);
  if (faults.length > 0) say(`Failed:\n${faults.map((line) => `  ✕ ${line}`).join('\n')}\n`);
  say(`${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`);
  process.exit(total.failed ? 1 : 0);
}
