import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { ChildOptions } from './child.ts';
import { compileCache } from './compile-cache.ts';
import type { Secrets } from './secrets.ts';
import type { SupervisorEnv } from './supervisor-env.ts';

/** Everything the processes of one machine must know of each other. */
export interface Plan {
  root: string;
  mode: 'production' | 'development';
  env: SupervisorEnv;
  secrets: Secrets;
  databaseUrl: string;
  postgresPort: number;
  internalPort: number;
  webPort: number;
  slicerPort: number;
}

export type ProcessName = 'postgres' | 'slicer' | 'ingest' | 'web' | 'gateway';

/**
 * Media passes through as buffers outside V8's heap, which by its defaults lets them pile up to tens of megabytes and then marks the whole heap, once
 * a second, on four threads: half of the slicer's CPU. A small nursery frees what lives for a moment, a larger step lets the ring turn over.
 */
const slicerFlags = ['--max-semi-space-size=2', '--heap-growing-percent=100', '--v8-pool-size=1'];
/** It parses no media and its heap hardly moves. */
const ingestFlags = ['--max-semi-space-size=1', '--v8-pool-size=1'];

/** How each process is started. stdout is for logs; IPC tells `ready`, and its closing tells that the supervisor is gone. */
export function processOptions(name: ProcessName, plan: Plan): ChildOptions {
  const base = { name, command: process.execPath, cwd: plan.root, readyWithinMs: 60_000, drainWithinMs: 8000 };
  const shared = {
    ...plan.env.inherited,
    NODE_ENV: plan.mode,
    DATA_DIR: plan.env.dataDir,
    LOG_LEVEL: plan.env.logLevel,
    // A module that is found there is not compiled again: seconds of a start, and the compiler of types alone takes 20 MB of each process that has to.
    NODE_COMPILE_CACHE: plan.env.inherited['NODE_COMPILE_CACHE'] ?? join(plan.root, compileCache),
  };
  const sidecar = {
    ...shared,
    // What opens the database and sealed addresses is no business of a process that reads strangers' bytes.
    DATABASE_URL: '',
    SENSORIUM_KEY: '',
    NEXTAUTH_SECRET: '',
    // One arena a thread would cost megabytes each for buffers that live a moment.
    MALLOC_ARENA_MAX: '2',
    // Fixed, parts and slabs of media go back to the system when they are freed; left to itself it rises, and they leave holes in the heap.
    MALLOC_MMAP_THRESHOLD_: '131072',
    CONTROL_URL: `ws://127.0.0.1:${plan.internalPort}`,
    INTERNAL_SECRET: plan.secrets.internal,
  };
  const server = {
    ...shared,
    DATABASE_URL: plan.databaseUrl,
    INTERNAL_SECRET: plan.secrets.internal,
    INTERNAL_PORT: String(plan.internalPort),
    SENSORIUM_KEY: plan.env.sealingKey ?? plan.secrets['sealing-key'],
    NEXTAUTH_SECRET: plan.secrets.session,
    WEB_URL: `http://127.0.0.1:${plan.webPort}`,
    AUTH_TRUST_HOST: '1',
    PUBLIC_PORT: String(plan.env.port),
    // Where providers of OpenID Connect send people back to.
    ...(plan.env.publicUrl !== null && { NEXTAUTH_URL: plan.env.publicUrl }),
  };
  switch (name) {
    case 'postgres':
      return {
        ...base,
        args: [join(plan.root, 'server/supervisor/postgres-main.ts')],
        env: { ...shared, POSTGRES_PORT: String(plan.postgresPort), POSTGRES_PASSWORD: plan.secrets.postgres },
        ready: { by: 'message' },
        drainWithinMs: 15_000,
      };
    case 'slicer':
      return {
        ...base,
        args: [...slicerFlags, join(plan.root, 'sidecars/slicer/main.ts')],
        env: { ...sidecar, SLICER_PORT: String(plan.slicerPort) },
        ready: { by: 'message' },
      };
    case 'ingest':
      return {
        ...base,
        args: [...ingestFlags, join(plan.root, 'sidecars/ingest/main.ts')],
        env: sidecar,
        ready: { by: 'message' },
      };
    case 'gateway':
      return {
        ...base,
        args: [join(plan.root, 'server/gateway/main.ts')],
        env: { ...server, PORT: String(plan.env.port), HOST: plan.env.host },
        ready: { by: 'message' },
      };
    case 'web':
      return {
        ...base,
        args: ['--import', join(plan.root, 'server/supervisor/end-with-parent.mjs'), ...webArgs(plan)],
        // HOSTNAME=localhost, not 127.0.0.1: Next's proxy would redirect to itself without end.
        // Longer than the gateway keeps an idle connection, so that it is the one to close.
        env: {
          ...server,
          PORT: String(plan.webPort),
          HOSTNAME: 'localhost',
          KEEP_ALIVE_TIMEOUT: '75000',
          // Nothing leaves this machine that its operator did not ask for.
          NEXT_TELEMETRY_DISABLED: '1',
        },
        ready: {
          by: 'probe',
          everyMs: 50,
          probe: () => answers(`http://localhost:${plan.webPort}/api/auth/providers`),
        },
      };
  }
}

function webArgs(plan: Plan): string[] {
  if (plan.mode === 'development') {
    return [
      join(plan.root, 'node_modules/next/dist/bin/next'),
      'dev',
      '--hostname',
      'localhost',
      '--port',
      String(plan.webPort),
    ];
  }
  const server = join(plan.root, '.next/standalone/server.js');
  if (!existsSync(server))
    throw new Error('The pages are not built: .next/standalone is missing. Delete .next and start again.');
  return [server];
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
  await response.arrayBuffer();
  return response.status < 500;
}
