import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { CameraInput } from '#server/contracts/camera.ts';
import type { StreamId } from '#server/contracts/ids.ts';
import { openDatabase, type Database } from '#server/platform/db.ts';
import { createSealer } from '#server/platform/sealed.ts';
import { Keeper } from '#server/supervisor/keeper.ts';
import { freePort } from '#server/supervisor/ports.ts';
import { findPostgresHome } from '#server/supervisor/postgres-home.ts';
import { tool } from '#server/supervisor/prepare.ts';
import { processOptions, type Plan, type ProcessName } from '#server/supervisor/processes.ts';
import { openSecrets } from '#server/supervisor/secrets.ts';

import { aCameraInput, anOwner, aSourcesService } from './factories.ts';
import { childrenOf } from './process-tree.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const linesMax = 5000;

/** Every process of the product as the supervisor starts and revives them, on a data folder of its own; the pages are left out. */
export class WholeHouse {
  /** The gateway's, as a browser sees it. */
  readonly base: string;
  readonly lines: string[] = [];
  readonly #plan: Plan;
  readonly #keepers = new Map<ProcessName, Keeper>();
  #database: Database | null = null;

  private constructor(plan: Plan) {
    this.#plan = plan;
    this.base = `http://127.0.0.1:${plan.env.port}`;
  }

  static async start(): Promise<WholeHouse> {
    const dataDir = await mkdtemp(join(tmpdir(), 'whole-house-'));
    // PostgreSQL runs under an account of its own where we are root.
    await chmod(dataDir, 0o711);
    const secrets = openSecrets(dataDir);
    const postgresPort = await freePort();
    const house = new WholeHouse({
      root,
      mode: 'production',
      env: {
        port: await freePort(),
        host: '127.0.0.1',
        dataDir,
        databaseUrl: null,
        sealingKey: null,
        logLevel: 'info',
        publicUrl: null,
        hasTls: false,
        inherited: { PATH: process.env['PATH'], NODE_ENV: 'production', ALLOWED_SOURCE_CIDRS: '127.0.0.0/8' },
      },
      secrets,
      databaseUrl: `postgresql://sensorium:${secrets.postgres}@127.0.0.1:${postgresPort}/sensorium`,
      postgresPort,
      internalPort: await freePort(),
      webPort: await freePort(),
      slicerPort: await freePort(),
    });
    await house.#start();
    return house;
  }

  pid(name: ProcessName): number {
    return this.#keepers.get(name)?.pid ?? 0;
  }

  /** The server and its workers, which are no children of ours. */
  async postgresPids(): Promise<number[]> {
    const { clusterDir } = findPostgresHome(this.#plan.env.dataDir);
    const [line = ''] = readFileSync(join(clusterDir, 'postmaster.pid'), 'utf8').split('\n');
    return [Number(line), ...(await childrenOf(Number(line)))];
  }

  /** Adds the camera past the API, which needs the pages to sign in. */
  async addCamera(input: Partial<CameraInput>): Promise<StreamId> {
    const { databaseUrl, secrets } = this.#plan;
    this.#database ??= openDatabase(databaseUrl, { connectionsMax: 2 });
    const sealer = createSealer(secrets['sealing-key']);
    const owner = await anOwner(this.#database);
    const { streamId } = await aSourcesService(this.#database, { sealer }).create(owner, aCameraInput(input));
    return streamId;
  }

  mediaUrl(id: StreamId): string {
    return `${this.base}/media/${id}`;
  }

  async close(): Promise<void> {
    await this.#database?.$disconnect();
    const others = [...this.#keepers].filter(([name]) => name !== 'postgres');
    await Promise.all(others.map(([, keeper]) => keeper.stop()));
    await this.#keepers.get('postgres')?.stop();
    await rm(this.#plan.env.dataDir, { recursive: true, force: true });
  }

  async #start(): Promise<void> {
    await this.#keep('postgres');
    await tool(root, 'prisma/build/index.js', ['migrate', 'deploy'], { DATABASE_URL: this.#plan.databaseUrl });
    await Promise.all((['slicer', 'ingest', 'gateway'] as const).map((name) => this.#keep(name)));
  }

  #keep(name: ProcessName): Promise<void> {
    const note = (text: string) => {
      if (this.lines.length < linesMax) this.lines.push(`${new Date().toISOString()} ${name} ${text}`);
    };
    const log = { info: note, warn: note, line: (_process: string, text: string) => note(text) };
    const keeper = new Keeper(name, () => processOptions(name, this.#plan), log);
    this.#keepers.set(name, keeper);
    return keeper.start();
  }
}
