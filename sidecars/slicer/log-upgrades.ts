import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

import type { Logger } from 'pino';

import type { LogDoor } from './log-door.ts';
import type { ReaderDoor } from './reader-door.ts';
import { refuseUpgrade } from './upgrade-refusal.ts';

const streamPath = /^\/log\/v1\/streams\/([0-9a-f-]{36})(\/read)?$/;

/** Who writes a log and who reads its records come by the same kind of line (media contract §3): each to its door. */
export function routeUpgrades(doors: { writers: LogDoor; readers: ReaderDoor; log: Logger }) {
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy());
    const url = URL.parse(request.url ?? '', 'http://slicer');
    const match = url && streamPath.exec(url.pathname);
    const streamId = match?.[1];
    if (!url || !streamId) return refuseUpgrade(socket, 404, 'there is nothing at this address');
    const query = url.searchParams;
    const work = match[2]
      ? doors.readers.upgrade(request, socket, { head, streamId, query })
      : doors.writers.upgrade(request, socket, { head, streamId, rung: query.get('rung') ?? 'src' });
    work.catch((error: unknown) => {
      doors.log.error({ action: 'upgrade.failed', error: String(error) }, 'an upgrade failed');
      socket.destroy();
    });
  };
}
