import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { portFault } from './ports.ts';
import { StartFault } from './start-fault.ts';
import type { SupervisorEnv } from './supervisor-env.ts';

/** For the database and the first recordings. */
const freeBytesMin = 1_073_741_824;
/** Recordings fill a disk up to a tenth by design, and give way once they are looked after: a start must not wait for that. */
const freeBytesMinAgain = 134_217_728;

/** A data folder that is there, can be written and has room. `measure`: free bytes of its disk. */
export function checkDataFolder(dataDir: string, measure = freeBytesOf): void {
  checkFolder(dataDir);
  checkDisk(dataDir, measure(dataDir));
}

function freeBytesOf(dataDir: string): number {
  const { bavail, bsize } = statfsSync(dataDir);
  return bavail * bsize;
}

/** The public port. After a supervisor that was killed its processes need a moment to notice and leave. */
export async function checkPort(env: SupervisorEnv, options: { waitMs: number }): Promise<void> {
  const fault = await untilFree(env, options.waitMs);
  if (fault === 'EADDRINUSE') {
    throw new StartFault(
      `Port ${env.port} is taken by another program. Stop it, or choose another port: PORT=3001 npm start`,
    );
  }
  if (fault === 'EACCES') {
    throw new StartFault(`Port ${env.port} needs administrator rights. Choose one above 1023: PORT=3000 npm start`);
  }
  if (fault) throw new StartFault(`${env.host} port ${env.port} can't be listened on (${fault}). Check HOST and PORT.`);
}

async function untilFree(env: SupervisorEnv, waitMs: number): Promise<string | null> {
  for (let waited = 0; ; waited += 200) {
    const fault = await portFault(env.port, env.host);
    if (fault !== 'EADDRINUSE' || waited >= waitMs) return fault;
    await sleep(200);
  }
}

function checkFolder(dataDir: string): void {
  try {
    mkdirSync(join(dataDir, 'run'), { recursive: true });
    accessSync(dataDir, constants.W_OK);
  } catch (error) {
    if (isFull(error)) throw fullDisk(dataDir, error);
    throw new StartFault(
      `No permission to write ${dataDir}. Change its owner, or choose another folder: DATA_DIR=/path npm start`,
      { cause: error },
    );
  }
}

function checkDisk(dataDir: string, freeBytes: number): void {
  const least = existsSync(join(dataDir, 'secrets')) ? freeBytesMinAgain : freeBytesMin;
  if (freeBytes >= least) return;
  const free = Math.round(freeBytes / 1_048_576);
  throw new StartFault(
    `Only ${free} MB are free on the disk of ${dataDir}, at least ${least / 1_048_576} MB are needed. ${makeRoom}`,
  );
}

const makeRoom = 'Make room, or choose another disk: DATA_DIR=/path npm start';

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

/** Bytes may be free all the same: a file system can be out of files, and a person out of quota. */
function fullDisk(dataDir: string, cause: unknown): StartFault {
  return new StartFault(`The disk of ${dataDir} takes no more files. ${makeRoom}`, { cause });
}

/** One supervisor a data folder. The lock of a killed one is taken over. */
export function lockDataFolder(dataDir: string): { takenOver: boolean; release: () => void } {
  const file = join(dataDir, 'run', 'supervisor.pid');
  const takenOver = existsSync(file);
  if (takenOver) {
    const pid = Number(readFileSync(file, 'utf8'));
    if (isSupervisor(pid))
      throw new StartFault(
        `Sensorium runs already on this data folder (process ${pid}). Stop it first, or choose another DATA_DIR.`,
      );
  }
  try {
    writeFileSync(file, String(process.pid));
  } catch (error) {
    throw isFull(error) ? fullDisk(dataDir, error) : error;
  }
  return { takenOver, release: () => rmSync(file, { force: true }) };
}

function isSupervisor(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 1 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    const commandFile = `/proc/${pid}/cmdline`;
    // A pid can have been given to another program since.
    return !existsSync(commandFile) || readFileSync(commandFile, 'utf8').includes('main.ts');
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
