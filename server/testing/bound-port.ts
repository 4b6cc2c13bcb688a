import type { Server } from 'node:net';

/** The port that a listening server was given. */
export function boundPort(server: Pick<Server, 'address'>): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen on a port');
  return address.port;
}
