import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { StreamId } from '#server/contracts/ids.ts';
import { mediaState, type MediaState } from '#server/contracts/media-state.ts';
import type { ChildOptions } from '#server/supervisor/child.ts';
import { compileCache } from '#server/supervisor/compile-cache.ts';
import { Keeper } from '#server/supervisor/keeper.ts';
import { freePort } from '#server/supervisor/ports.ts';

import { ControlGateway } from './control-gateway.ts';
import { childrenOf } from './process-tree.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const linesMax = 5000;

/** The media half of the product: ingest and slicer as the supervisor runs and revives them, at the double of a gateway. */
export class MediaHouse {
  readonly gateway: ControlGateway;
  readonly dataDir: string;
  readonly slicer: Keeper;
  readonly ingests: Keeper[];
  readonly base: string;
  /** What the processes logged. */
  readonly lines: string[] = [];

  private constructor(parts: { gateway: ControlGateway; dataDir: string; slicerPort: number; ingests: number }) {
    this.gateway = parts.gateway;
    this.dataDir = parts.dataDir;
    this.base = `http://127.0.0.1:${parts.slicerPort}`;
    this.slicer = this.#keeper('slicer', 'slicer', parts.slicerPort);
    this.ingests = Array.from({ length: parts.ingests }, (_, index) =>
      this.#keeper(`ingest-${index}`, 'ingest', parts.slicerPort),
    );
  }

  static async start(options: { ingests?: number } = {}): Promise<MediaHouse> {
    const house = new MediaHouse({
      gateway: await ControlGateway.start(),
      dataDir: await mkdtemp(join(tmpdir(), 'house-')),
      slicerPort: await freePort(),
      ingests: options.ingests ?? 1,
    });
    await Promise.all([house.slicer, ...house.ingests].map((keeper) => keeper.start()));
    return house;
  }

  mediaUrl(id: StreamId): string {
    return `${this.base}/media/${id}`;
  }

  async state(id: StreamId): Promise<MediaState> {
    const answer = await fetch(`${this.mediaUrl(id)}/state.json`, { signal: AbortSignal.timeout(5000) });
    return mediaState.parse(await answer.json());
  }

  /** The cells of all ingest processes. */
  async cells(): Promise<number[]> {
    const found = await Promise.all(this.ingests.map((ingest) => childrenOf(ingest.pid ?? 0)));
    return found.flat();
  }

  async close(): Promise<void> {
    // A process that a test has stopped can't hear that it is to end.
    for (const { pid } of [this.slicer, ...this.ingests]) if (pid) signalIfThere(pid, 'SIGCONT');
    await Promise.all([this.slicer, ...this.ingests].map((keeper) => keeper.stop()));
    await this.gateway.close();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  #keeper(name: string, role: 'ingest' | 'slicer', slicerPort: number): Keeper {
    const options = (): ChildOptions => ({
      name,
      command: process.execPath,
      args: [join(root, `sidecars/${role}/main.ts`)],
      cwd: root,
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'production',
        // As the supervisor gives it: starting is compiling otherwise.
        NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(root, compileCache),
        LOG_LEVEL: 'info',
        CONTROL_URL: this.gateway.url,
        INTERNAL_SECRET: this.gateway.secret,
        // Two ingest processes of one machine would overwrite each other's notes.
        DATA_DIR: role === 'slicer' ? this.dataDir : join(this.dataDir, name),
        SLICER_PORT: String(slicerPort),
        ALLOWED_SOURCE_CIDRS: '127.0.0.0/8',
      },
      ready: { by: 'message' },
      readyWithinMs: 60_000,
      drainWithinMs: 8000,
    });
    const keep = (text: string) => {
      if (this.lines.length < linesMax) this.lines.push(`${new Date().toISOString()} ${name} ${text}`);
    };
    return new Keeper(name, options, { info: keep, warn: keep, line: (_process, text) => keep(text) });
  }
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}
