/** The processes of one machine: prepares, starts in order, keeps alive, stops in reverse order. Run by `bin/main.ts`. */
import { watch } from 'node:fs';
import { join, resolve } from 'node:path';

import { checkDataFolder, checkPort, lockDataFolder } from './checks.ts';
import { checkDatabase } from './database-check.ts';
import { figuresOf } from './figures.ts';
import { Keeper, type KeeperLog } from './keeper.ts';
import { migrate } from './migrate.ts';
import { askOwnerLink } from './owner-link.ts';
import { freePort } from './ports.ts';
import { preparation } from './prepare.ts';
import { ProcessLog } from './process-log.ts';
import { processOptions, type Plan, type ProcessName } from './processes.ts';
import { openSecrets } from './secrets.ts';
import { supervisorEnv } from './supervisor-env.ts';

const root = resolve(import.meta.dirname, '../..');
const beganAt = performance.now();
const say = (text: string) => process.stdout.write(`sensorium  ${text}\n`);
const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** Starts the whole system; resolves when it answers. */
export async function startSystem(mode: Plan['mode'], options: { verbose: boolean }): Promise<void> {
  const env = supervisorEnv();
  checkDataFolder(env.dataDir);
  const lock = lockDataFolder(env.dataDir);
  const keepers: Keeper[] = [];
  stopWhenAsked(keepers, lock.release);
  await checkPort(env, { waitMs: lock.takenOver ? 12_000 : 0 });
  if (env.databaseUrl) await checkDatabase(env.databaseUrl);

  for (const step of preparation(root, { web: mode === 'production' })) {
    const began = performance.now();
    const notice = setTimeout(() => say(`${step.name}…`), 300);
    const outcome = await step.run().finally(() => clearTimeout(notice));
    if (outcome === 'done') say(`${step.name}: done in ${seconds(began)}`);
  }

  const secrets = openSecrets(env.dataDir);
  const [postgresPort, internalPort, webPort, slicerPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const databaseUrl =
    env.databaseUrl ?? `postgresql://sensorium:${secrets.postgres}@127.0.0.1:${postgresPort}/sensorium`;
  const plan: Plan = { root, mode, env, secrets, databaseUrl, postgresPort, internalPort, webPort, slicerPort };
  const processLog = new ProcessLog({ dataDir: env.dataDir, verbose: options.verbose, show: say });
  const log: KeeperLog = { info: say, warn: say, line: (name, text) => processLog.line(name, text) };
  const figures = figuresOf(keepers);
  const keep = async (name: ProcessName) => {
    const keeper = new Keeper(name, () => processOptions(name, plan), log, figures);
    keepers.push(keeper);
    const began = performance.now();
    await keeper.start();
    say(`${name} ready in ${seconds(began)}`);
  };

  if (!env.databaseUrl) await keep('postgres');
  const beganMigration = performance.now();
  const { env: serverEnv } = processOptions('gateway', plan);
  if ((await migrate(root, databaseUrl, serverEnv)) === 'migrated')
    say(`database schema brought up to date in ${seconds(beganMigration)}`);
  // The sidecars look for the gateway until it is there.
  await Promise.all([keep('slicer'), keep('ingest'), keep('gateway'), keep('web')]);

  const address = env.publicUrl ?? `${env.hasTls ? 'https' : 'http'}://localhost:${env.port}`;
  say(`ready in ${seconds(beganAt)}: ${address}`);
  const ownerLink = await askOwnerLink(plan, address);
  if (ownerLink) say(`make your account (this link works once): ${ownerLink}`);
  if (mode === 'development') reloadOnChange(keepers);
}

/** Ctrl-C, SIGTERM, or the end of the launcher: stop in reverse order of starting. */
function stopWhenAsked(keepers: Keeper[], release: () => void): void {
  let stopping = false;
  const stop = async (why: string) => {
    if (stopping) return;
    stopping = true;
    if (keepers.length > 0) say(`stopping (${why})…`);
    const began = performance.now();
    // The database last: the others may still write.
    await Promise.all(keepers.filter((keeper) => keeper.name !== 'postgres').map((keeper) => keeper.stop()));
    await Promise.all(keepers.map((keeper) => keeper.stop()));
    release();
    if (keepers.length > 0) say(`stopped in ${seconds(began)}`);
    process.exit(process.exitCode ?? 0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(signal));
  if (process.connected) process.once('disconnect', () => void stop('launcher gone'));
}

const sharedBySidecars = [
  'sidecars/harness.ts',
  'sidecars/cmaf',
  'sidecars/codec',
  'sidecars/encode',
  'server/contracts',
  'server/supervisor/child.ts',
];

/** Development: a process starts anew when a file it runs has changed. The pages reload by themselves. */
function reloadOnChange(keepers: Keeper[]): void {
  const runsOn: Partial<Record<string, string[]>> = {
    gateway: ['server'],
    slicer: ['sidecars/slicer', ...sharedBySidecars],
    ingest: ['sidecars/ingest', ...sharedBySidecars],
  };
  for (const keeper of keepers) {
    let due: NodeJS.Timeout | undefined;
    for (const folder of runsOn[keeper.name] ?? []) {
      watch(join(root, folder), { recursive: true }, (_event, file) => {
        if (!file?.endsWith('.ts') || file.endsWith('.test.ts')) return;
        clearTimeout(due);
        due = setTimeout(() => {
          say(`${keeper.name}: ${file} changed, starting anew`);
          void keeper.restart();
        }, 200);
      });
    }
  }
}

/** Runs `startSystem` and turns a fault into a sentence and an exit code. */
export async function supervise(mode: Plan['mode'], options: { verbose: boolean }): Promise<void> {
  try {
    await startSystem(mode, options);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(`sensorium  ${text}\n`);
    process.exitCode = 1;
    // The keepers started so far stop in order; SIGTERM to ourselves takes the same path as Ctrl-C.
    setTimeout(() => process.exit(1), 15_000).unref();
    process.emit('SIGTERM');
  }
}
