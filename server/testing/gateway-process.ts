import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { WebSocket } from 'ws';

import { nodeId } from '#server/contracts/ids.ts';
import { toSidecar, type DiskHealth, type FromSidecar, type ToSidecar } from '#server/contracts/sidecar.ts';

import { aNodeHealth } from './node-health.ts';

const secret = 'internal secret of this test';
export const authSecret = 'auth secret of this test';

/** A double of a process of the house, on a port of its own. */
export async function aServer(answer: RequestListener): Promise<Server> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

export function urlOf(server: Server): string {
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('not listening');
  return `http://127.0.0.1:${address.port}`;
}

async function freePort(): Promise<string> {
  const server = await aServer(() => {});
  const { port } = new URL(urlOf(server));
  server.close();
  await once(server, 'close');
  return port;
}

/** The gateway's own process on a real database. */
export async function startGateway({
  databaseUrl,
  webUrl,
  env = {},
}: {
  databaseUrl: string;
  webUrl: string;
  env?: Record<string, string>;
}) {
  const [port, internalPort] = [await freePort(), await freePort()];
  const dataDir = await mkdtemp(join(tmpdir(), 'gateway-'));
  const child = spawn(process.execPath, [fileURLToPath(new URL('../gateway/main.ts', import.meta.url))], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'test',
      LOG_LEVEL: 'error',
      DATA_DIR: dataDir,
      DATABASE_URL: databaseUrl,
      SENSORIUM_KEY: 'a key for tests only',
      INTERNAL_SECRET: secret,
      NEXTAUTH_SECRET: authSecret,
      HOST: '127.0.0.1',
      PORT: port,
      INTERNAL_PORT: internalPort,
      WEB_URL: webUrl,
      ...env,
    },
  });
  await once(child, 'message');
  return {
    base: `${env['TLS_CERT'] === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    internal: `127.0.0.1:${internalPort}`,
    /** As a machine that loses power. */
    kill: async (): Promise<void> => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
    /** Asks it to stop; resolves to its exit code. */
    stop: async (): Promise<number | null> => {
      if (child.exitCode === null) {
        const gone = once(child, 'exit');
        child.kill('SIGTERM');
        await gone;
      }
      await rm(dataDir, { recursive: true, force: true });
      return child.exitCode;
    },
  };
}

/** A sidecar's double on a real control link: told what the gateway tells it, until `leave`. */
export async function joinAs(
  role: 'ingest' | 'slicer',
  options: { internal: string; url: string | null; disk?: DiskHealth },
) {
  const link = new WebSocket(`ws://${options.internal}/internal/v1/control`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  const told: ToSidecar[] = [];
  link.on('message', (data: Buffer) => told.push(toSidecar.parse(JSON.parse(data.toString()))));
  await once(link, 'open');
  const send = (message: FromSidecar) => link.send(JSON.stringify(message));
  const firstTold = once(link, 'message');
  send({ type: 'hello', node: nodeId.parse(randomUUID()), role, url: options.url, pid: process.pid, capacity: 50 });
  const beat = setInterval(() => send({ type: 'heartbeat', health: aNodeHealth, disk: options.disk ?? null }), 500);
  await firstTold;
  return {
    told,
    send,
    leave: async () => {
      clearInterval(beat);
      if (link.readyState === WebSocket.CLOSED) return;
      link.close();
      await once(link, 'close');
    },
  };
}
