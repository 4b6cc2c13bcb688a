import { once } from 'node:events';

import { WebSocketServer, type WebSocket } from 'ws';

import { fromSidecar, type FromSidecar, type ToSidecar } from '#server/contracts/sidecar.ts';

/** The gateway's end of the control link: keeps what sidecars say, says what it is told to. */
export class ControlServer {
  readonly said: FromSidecar[] = [];
  readonly #sockets: WebSocketServer;
  #link: WebSocket | null = null;

  private constructor(port: number) {
    this.#sockets = new WebSocketServer({ port, host: '127.0.0.1', path: '/internal/v1/control' });
    this.#sockets.on('connection', (link) => {
      this.#link = link;
      link.on('message', (data: Buffer) => this.said.push(fromSidecar.parse(JSON.parse(data.toString()))));
    });
  }

  static async start(port = 0): Promise<ControlServer> {
    const server = new ControlServer(port);
    await once(server.#sockets, 'listening');
    return server;
  }

  get port(): number {
    const address = this.#sockets.address();
    if (typeof address !== 'object' || !address) throw new Error('the server does not listen on a port');
    return address.port;
  }

  tell(message: ToSidecar): void {
    this.#link?.send(JSON.stringify(message));
  }

  saidOf<Type extends FromSidecar['type']>(type: Type): Extract<FromSidecar, { type: Type }>[] {
    return this.said.filter((message): message is Extract<FromSidecar, { type: Type }> => message.type === type);
  }

  async close(): Promise<void> {
    for (const link of this.#sockets.clients) link.terminate();
    this.#sockets.close();
    await once(this.#sockets, 'close');
  }
}
