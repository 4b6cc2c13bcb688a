import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { compileCache } from './compile-cache.ts';
import { squeezeFiles } from './squeeze.ts';
import { wholeEnvironment } from './supervisor-env.ts';

export interface Step {
  name: string;
  /** Runs it unless what it is made from is unchanged since the last time. */
  run: () => Promise<'done' | 'fresh'>;
}

/** What is made from what: glob patterns of the sources, and the file that must be there afterwards. */
const artefacts = {
  prisma: {
    from: ['prisma/schema.prisma', 'prisma.config.ts', 'package-lock.json'],
    makes: 'prisma/generated/client.ts',
  },
  earth: {
    from: ['assets/earth/*.ts', 'app/_features/globe/line-file.ts', 'package-lock.json'],
    makes: 'public/earth/complete',
  },
  fonts: {
    from: [
      'assets/fonts/*.ts',
      'assets/geo/*.json',
      'app/_lib/messages/ja.json',
      'prisma/demo-cameras.ts',
      'package-lock.json',
    ],
    makes: 'assets/fonts/made/japanese-ui.css',
  },
  web: {
    from: [
      'assets/fonts/made/*',
      'app/**/*.{ts,tsx,css,json,svg,png,ico}',
      'public/**/*',
      'server/**/*.ts',
      'prisma/schema.prisma',
      'next.config.ts',
      'postcss.config.mjs',
      'tsconfig.json',
      'package-lock.json',
    ],
    makes: '.next/standalone/server.js',
  },
  compiled: {
    from: ['bin/compile-ahead.ts', '{server,sidecars}/**/*.ts', 'package-lock.json'],
    makes: compileCache,
  },
} as const;
type Artefact = keyof typeof artefacts;

/** One number for the contents of all files of an artefact, tests left out: they change nothing that runs. */
export function fingerprint(root: string, patterns: readonly string[]): string {
  const hash = createHash('sha256');
  const files = patterns
    .flatMap((pattern) => globSync(pattern, { cwd: root }))
    .filter((file) => !/[.](test|e2e)[.]tsx?$/.test(file));
  for (const file of [...new Set(files)].toSorted()) {
    hash.update(file).update('\0');
    try {
      hash.update(readFileSync(join(root, file)));
    } catch {
      // A folder matched by `**/*`: its files are listed themselves.
    }
  }
  return hash.digest('hex');
}

/** Generates the database client and builds the pages when their sources changed. */
export function preparation(root: string, options: { web: boolean }): Step[] {
  const steps: Step[] = [
    {
      name: 'generating the database client',
      run: () => make(root, 'prisma', () => tool(root, 'prisma/build/index.js', ['generate'])),
    },
  ];
  // The globe's pictures lie in public/, which the pages' build copies.
  steps.push({
    name: "drawing the globe's pictures",
    run: () => make(root, 'earth', () => tool(root, '../assets/earth/make.ts')),
  });
  // Their style sheet is imported by the pages.
  steps.push({
    name: 'cutting the Japanese letters',
    run: () => make(root, 'fonts', () => tool(root, '../assets/fonts/make.ts')),
  });
  if (options.web) steps.push({ name: 'building the pages', run: () => make(root, 'web', () => buildWeb(root)) });
  const compiled = { NODE_COMPILE_CACHE: wholeEnvironment()['NODE_COMPILE_CACHE'] ?? join(root, compileCache) };
  steps.push({
    name: 'compiling what will run',
    run: () => make(root, 'compiled', () => tool(root, '../bin/compile-ahead.ts', [], compiled)),
  });
  return steps;
}

async function make(root: string, artefact: Artefact, build: () => Promise<void>): Promise<'done' | 'fresh'> {
  const { from, makes } = artefacts[artefact];
  const stamp = join(root, 'node_modules/.cache/sensorium', `${artefact}.stamp`);
  const print = fingerprint(root, from);
  if (existsSync(join(root, makes)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === print) return 'fresh';
  await build();
  mkdirSync(dirname(stamp), { recursive: true });
  // Put in its place, not written into: a copy of this folder by links would take this build for its own.
  writeFileSync(`${stamp}.new`, print);
  renameSync(`${stamp}.new`, stamp);
  return 'done';
}

async function buildWeb(root: string): Promise<void> {
  await tool(root, 'next/dist/bin/next', ['build']);
  // Next leaves these two for a CDN; here the same process serves them.
  const files = join(root, '.next/standalone/.next/static');
  cpSync(join(root, '.next/static'), files, { recursive: true });
  await squeezeFiles(files);
  if (existsSync(join(root, 'public')))
    cpSync(join(root, 'public'), join(root, '.next/standalone/public'), { recursive: true });
}

/** Runs a program of node_modules; what it printed is told only when it fails. */
export async function tool(
  root: string,
  script: string,
  args: string[] = [],
  env: Record<string, string | undefined> = {},
): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    env: {
      ...wholeEnvironment(),
      NEXT_TELEMETRY_DISABLED: '1',
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => output.push(data));
  await once(child, 'close');
  if (child.exitCode !== 0)
    throw new Error(`${script.split('/')[0]} ${args.join(' ')} failed:\n${Buffer.concat(output).toString()}`);
}
