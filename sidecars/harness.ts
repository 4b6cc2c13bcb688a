import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import pino, { type Logger } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { WebSocket } from 'ws';
import { z } from 'zod';

import { nodeId, type NodeId } from '#server/contracts/ids.ts';
import { scrub } from '#server/contracts/log-scrub.ts';
import {
  toSidecar,
  type DiskHealth,
  type FromSidecar,
  type NodeHealth,
  type SidecarRole,
  type ToSidecar,
} from '#server/contracts/sidecar.ts';

/** What every sidecar takes from its environment; read once. */
export const sidecarEnv = z.object({
  /** The gateway's internal door, `ws://127.0.0.1:port`. */
  CONTROL_URL: z.url({ protocol: /^wss?$/ }),
  /** Per-install secret: opens the internal door and signs lease tokens. */
  INTERNAL_SECRET: z.string().min(16),
  DATA_DIR: z.string().min(1),
  NODE_ENV: z.enum(['development', 'production', 'test']).default('production'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});
export type SidecarEnv = z.infer<typeof sidecarEnv>;

/** Parses the process environment by `schema`; a wrong setting is named and ends the process. */
export function readEnv<Schema extends z.ZodType>(schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(process.env);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`settings can't be used: ${faults.join('; ')}`);
}

export function createLogger(service: string, env: Pick<SidecarEnv, 'LOG_LEVEL'>): Logger {
  return pino({
    level: env.LOG_LEVEL,
    base: { service },
    messageKey: 'message',
    timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label.toUpperCase() }) },
    hooks: { streamWrite: scrub },
    redact: [
      'address',
      '*.address',
      'leaseToken',
      '*.leaseToken',
      'authorization',
      '*.authorization',
      'password',
      '*.password',
    ],
  });
}

export interface SidecarOptions {
  role: SidecarRole;
  env: SidecarEnv;
  log: Logger;
  /** Where others reach this node's own port. */
  url: string | null;
  /** Streams it takes at most. */
  capacity: number;
  onMessage: (message: ToSidecar) => void;
  /** Called at every (re)connection, after `hello`: tell again what the gateway may have forgotten. */
  onConnected?: () => void;
  health: () => Pick<NodeHealth, 'ready' | 'stuck' | 'counters'>;
  disk?: () => DiskHealth | null;
  /** Stop taking work, finish or hand back what is in hand, close in reverse order. Called once. */
  stop: () => Promise<void>;
}

export interface Sidecar {
  node: NodeId;
  /** Drops the message when the link is down: states are told again, work goes on. */
  send: (message: FromSidecar) => void;
}

const heartbeatMs = 1000;
/** Each look at the delay of the event loop wakes the process. */
const delayEveryMs = 200;
const reconnectMsMax = 2000;
/** Control messages are small; a gateway that reads nothing for this long is reconnected. */
const linkBufferBytesMax = 8 * 1024 * 1024;

/** Connects a sidecar to the gateway, keeps the link, and stops the process in order on SIGTERM, SIGINT or when its supervisor is gone. */
export function startSidecar(options: SidecarOptions): Sidecar {
  const node = nodeId.parse(uuidv7());
  const { env, log } = options;
  const stopping = new AbortController();
  const delay = monitorEventLoopDelay({ resolution: delayEveryMs });
  delay.enable();
  let socket: WebSocket | null = null;

  const send = (message: FromSidecar) => {
    if (socket?.readyState !== WebSocket.OPEN) return;
    if (socket.bufferedAmount > linkBufferBytesMax) socket.terminate();
    else socket.send(JSON.stringify(message));
  };

  const beat = setInterval(() => {
    const cpu = process.cpuUsage();
    // What is measured is the time between two looks.
    const p99 = Math.max(0, delay.percentile(99) / 1e6 - delayEveryMs);
    delay.reset();
    send({
      type: 'heartbeat',
      health: {
        ...options.health(),
        uptimeSeconds: process.uptime(),
        rssBytes: process.memoryUsage.rss(),
        cpuSeconds: (cpu.user + cpu.system) / 1e6,
        eventLoopDelayP99Ms: Number.isFinite(p99) ? p99 : 0,
      },
      disk: options.disk?.() ?? null,
    });
  }, heartbeatMs);

  const connectOnce = () =>
    new Promise<void>((closed) => {
      const link = new WebSocket(`${env.CONTROL_URL}/internal/v1/control`, {
        headers: { authorization: `Bearer ${env.INTERNAL_SECRET}` },
        handshakeTimeout: 3000,
        maxPayload: 64 * 1024 * 1024,
      });
      link.on('open', () => {
        socket = link;
        send({
          type: 'hello',
          node,
          role: options.role,
          url: options.url,
          pid: process.pid,
          capacity: options.capacity,
          place: `${hostname()}:${resolve(env.DATA_DIR)}`,
        });
        options.onConnected?.();
        log.info({ action: 'control.connected' }, 'connected to the gateway');
      });
      link.on('message', (data: Buffer) => {
        const parsed = toSidecar.safeParse(parseJson(data.toString()));
        if (parsed.success) options.onMessage(parsed.data);
        else
          log.error(
            { action: 'control.invalid', issues: parsed.error.issues.slice(0, 3) },
            'message from the gateway does not parse',
          );
      });
      link.on('error', (error) => log.debug({ action: 'control.error', error: error.message }, 'control link'));
      link.on('close', () => {
        if (socket === link) socket = null;
        closed();
      });
      stopping.signal.addEventListener('abort', () => link.close(), { once: true });
    });

  const keepLink = async () => {
    for (let attempt = 0; !stopping.signal.aborted; attempt += 1) {
      const openedAt = Date.now();
      await connectOnce();
      if (Date.now() - openedAt > 10_000) attempt = 0;
      const waitMs = Math.min(reconnectMsMax, 100 * 2 ** Math.min(attempt, 5)) * (0.8 + 0.4 * Math.random());
      await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => {
        // Stopping: the loop's condition ends it.
      });
    }
  };

  let isStopping = false;
  const stop = (why: string) => {
    // Ctrl-C reaches the whole group, and the supervisor's word follows.
    if (isStopping) return;
    isStopping = true;
    log.info({ action: 'stop', why }, 'stopping');
    void options
      .stop()
      .catch((error: unknown) => log.error({ action: 'stop.failed', error: String(error) }, 'did not stop cleanly'))
      .finally(() => {
        stopping.abort();
        clearInterval(beat);
        // Native reads can hold the loop open.
        setTimeout(() => process.exit(0), 200).unref();
      });
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
  // The IPC channel closes when the supervisor is gone, killed ones included: nothing may outlive it.
  if (process.connected) process.once('disconnect', () => stop('supervisor gone'));

  void keepLink();
  process.send?.({ type: 'ready' });
  return { node, send };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // The contract refuses it and says so.
  }
}
