import { execFile, spawn, spawnSync } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import pino from 'pino';

import type { CameraKind, SourceOptions } from '#server/contracts/camera.ts';
import { createAddressGuard, type AddressGuard } from '#sidecars/ingest/guard/address-guard.ts';
import { openSource } from '#sidecars/ingest/open-source.ts';
import {
  SourceError,
  type AccessUnit,
  type OpenSource,
  type SourceEvent,
  type SourceTrack,
} from '#sidecars/ingest/source.ts';

/** Whether Debian's ffmpeg is here: the foreign sender of the media tests. */
export const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;

/** A moving picture and a tone, `seconds` long. */
export const testPicture = (seconds: number): string[] => [
  '-re',
  '-f',
  'lavfi',
  '-i',
  'testsrc2=s=320x180:r=25',
  '-f',
  'lavfi',
  '-i',
  'sine=r=48000',
  '-t',
  String(seconds),
];
export const asH264Aac = [
  '-c:v',
  'libx264',
  '-preset',
  'ultrafast',
  '-tune',
  'zerolatency',
  '-g',
  '25',
  '-pix_fmt',
  'yuv420p',
  '-c:a',
  'aac',
];

/** A running ffmpeg; `stop` waits until it is gone. */
export function startFfmpeg(args: readonly string[], options: { cwd?: string } = {}): { stop: () => Promise<void> } {
  const child = spawn('ffmpeg', ['-v', 'error', '-y', ...args], { stdio: 'ignore', ...options });
  const gone = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  return {
    stop: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** Resolves when what it makes is there; other tests of the file go on meanwhile. */
export async function makeWithFfmpeg(args: readonly string[]): Promise<void> {
  await promisify(execFile)('ffmpeg', ['-v', 'error', '-y', ...args], { timeout: 30_000 });
}

export async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const bound = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  if (typeof bound !== 'object' || !bound) throw new Error('no port');
  return bound.port;
}

/** An HTTP server on loopback; `host` is `127.0.0.1:port`. */
export async function startHttp(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ host: string; stop: () => Promise<void> }> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const bound = server.address();
  return {
    host: `127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

export function aLoopbackGuard(): AddressGuard {
  return createAddressGuard({ allowedCidrs: ['127.0.0.0/8'] });
}

/** What a source says, in order, and waits for what it will say. */
export class HeardSource {
  readonly events: SourceEvent[] = [];
  readonly logged: string[] = [];
  readonly log = pino({ level: 'debug' }, { write: (line: string) => this.logged.push(line) });
  open: OpenSource | null = null;

  tracks(): SourceTrack[] {
    return this.events.findLast((event) => event.type === 'tracks')?.tracks ?? [];
  }

  track(kind: 'video' | 'audio'): SourceTrack | undefined {
    return this.tracks().find((track) => track.kind === kind);
  }

  units(kind: 'video' | 'audio'): AccessUnit[] {
    const id = this.track(kind)?.id;
    return this.events.flatMap((event) => (event.type === 'unit' && event.unit.track === id ? [event.unit] : []));
  }

  clocks(): Extract<SourceEvent, { type: 'clock' }>[] {
    return this.events.filter((event) => event.type === 'clock');
  }

  /** Resolves when `isTrue`; rejects after `msMax` with what was heard so far. */
  async until(isTrue: () => boolean, msMax = 15_000): Promise<void> {
    const deadline = Date.now() + msMax;
    while (!isTrue()) {
      if (Date.now() > deadline) {
        const counts = `${this.units('video').length} pictures, ${this.units('audio').length} sounds`;
        throw new Error(`the condition did not come true within ${msMax} ms (${counts})`);
      }
      await sleep(10);
    }
  }
}

/** Opens a source as a cell does; tries again while its sender is still starting. */
export async function hear(
  source: { kind: CameraKind; address: string; options?: SourceOptions; label?: string },
  options: { guard: AddressGuard; patienceMs?: number; addressNow?: () => string },
): Promise<HeardSource> {
  const deadline = Date.now() + (options.patienceMs ?? 0);
  for (;;) {
    const heard = new HeardSource();
    const attempt = openSource(
      { options: {}, label: '', latitude: 0, longitude: 0, timeZone: 'UTC', ...source },
      {
        sink: (event) => heard.events.push(event),
        log: heard.log,
        signal: new AbortController().signal,
        guard: options.guard,
        dataDir: '/nowhere',
        ...(options.addressNow && { addressNow: options.addressNow }),
      },
    );
    try {
      heard.open = await attempt;
      return heard;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(100);
    }
  }
}

export async function faultOf(work: Promise<unknown>): Promise<Pick<SourceError, 'code' | 'message'> | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof SourceError) return { code: error.code, message: error.message };
    throw error;
  }
}

/** Rising by one step each, within a tick of rounding: no hole, nothing twice. */
export function stepsOf(units: readonly AccessUnit[]): number[] {
  const ticks = units.map(({ dts, pts }) => dts ?? pts ?? Number.NaN);
  return ticks.slice(1).map((tick, index) => tick - (ticks[index] ?? Number.NaN));
}
