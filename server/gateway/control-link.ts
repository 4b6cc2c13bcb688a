import type { IncomingMessage } from 'node:http';
import { hostname } from 'node:os';
import type { Duplex } from 'node:stream';

import { WebSocketServer, type WebSocket } from 'ws';

import { fromSidecar, type FromSidecar, type ToSidecar } from '#server/contracts/sidecar.ts';
import type { Logger } from '#server/platform/log.ts';
import type { RecordingsService } from '#server/recordings/service.ts';
import type { LinkedNode, StreamsService } from '#server/streams/service.ts';

const helloWithinMs = 5000;
const pingEveryMs = 5000;
const payloadBytesMax = 16 * 1024 * 1024;
/** A sidecar that reads nothing until this much waits for it is cut off and comes again. */
const bufferBytesMax = 16 * 1024 * 1024;
/** Messages of one link that wait for the database. */
const waitingMax = 1000;
/** What needs no database, and what somebody waits for. */
const atOnce: ReadonlySet<FromSidecar['type']> = new Set(['heartbeat', 'diagnosed', 'discovered', 'looked']);

interface Options {
  streams: StreamsService;
  recordings: RecordingsService;
  log: Logger;
}

/** The gateway's end of the control links (contracts/sidecar.ts says who sends what and why). */
export class ControlLinks {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: payloadBytesMax });
  readonly #options: Options;
  readonly #log: Logger;

  constructor(options: Options) {
    this.#options = options;
    this.#log = options.log.child({ component: 'control' });
  }

  /** The caller has checked the secret. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (link) => this.#serve(link, request));
  }

  /** Links that are open. */
  get open(): number {
    return this.#server.clients.size;
  }

  /** Sidecars come to the next gateway by themselves. */
  close(): void {
    for (const link of this.#server.clients) link.close(1001, 'gateway stops');
    this.#server.close();
  }

  #serve(link: WebSocket, request: IncomingMessage): void {
    const { streams } = this.#options;
    const host = isLoopback(request.socket.remoteAddress) ? hostname() : null;
    let node: LinkedNode | null = null;
    let heard = true;
    const waiting: (() => Promise<void>)[] = [];
    let working = false;

    const work = async () => {
      if (working) return;
      working = true;
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        // The sidecar tells it again, or the next report makes up for it.
        await next().catch((error: unknown) =>
          this.#log.warn(
            { action: 'control.message', nodeId: node?.hello.node, error },
            'a message could not be worked on',
          ),
        );
      }
      working = false;
    };

    const send = (message: ToSidecar) => {
      if (link.readyState !== link.OPEN) return;
      if (link.bufferedAmount > bufferBytesMax) link.terminate();
      else link.send(JSON.stringify(message));
    };

    const receive = (data: Buffer) => {
      heard = true;
      const parsed = fromSidecar.safeParse(parseJson(data.toString()));
      if (!parsed.success) {
        const issues = parsed.error.issues.slice(0, 3);
        this.#log.error(
          { action: 'control.invalid', nodeId: node?.hello.node, issues },
          'message of a sidecar does not parse',
        );
        return;
      }
      const message = parsed.data;
      if (message.type === 'hello') {
        if (node) link.close(1002, 'hello comes once');
        else node = streams.linkOpened(message, { host, send });
        return;
      }
      const from = node;
      if (!from) link.close(1002, 'hello comes first');
      else if (message.type !== 'segments' && atOnce.has(message.type)) void streams.received(from, message);
      else if (waiting.length >= waitingMax)
        this.#log.warn(
          { action: 'control.full', nodeId: from.hello.node },
          'messages of a sidecar are dropped: the database is too slow',
        );
      else {
        waiting.push(() =>
          message.type === 'segments'
            ? this.#options.recordings.recordMinute(message)
            : streams.received(from, message),
        );
        void work();
      }
    };

    const late = setTimeout(() => {
      if (!node) link.terminate();
    }, helloWithinMs);
    const ping = setInterval(() => {
      if (!heard) link.terminate();
      heard = false;
      link.ping();
    }, pingEveryMs);

    link.on('message', receive);
    link.on('pong', () => (heard = true));
    link.on('error', (error) => this.#log.debug({ action: 'control.error', error }, 'control link'));
    link.on('close', (code) => {
      clearTimeout(late);
      clearInterval(ping);
      // A sidecar that stops closes without a code; what was cut off has 1006.
      const clean = code === 1000 || code === 1005;
      if (node) {
        streams
          .linkClosed(node, clean)
          .catch((error: unknown) => this.#log.warn({ action: 'control.close', error }, 'a node is forgotten later'));
      }
    });
  }
}

export function isLoopback(address: string | undefined): boolean {
  return address === '::1' || address?.startsWith('127.') === true || address?.startsWith('::ffff:127.') === true;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // The contract refuses it and says so.
  }
}
