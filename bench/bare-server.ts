/**
 * The least that a server can do: keeps requests, and when told writes the same bytes to each of their sockets. What `bench:origin` holds the wake of
 * the origin against: sockets, kernel and the measuring client cost the same there. A process of its own, forked.
 */
import { createServer, type Socket } from 'node:net';

const answer = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-length: ${process.argv[2]}\r\n\r\n${'x'.repeat(Number(process.argv[2]))}`,
);
const waiting: Socket[] = [];

process.on('message', (held: number) => {
  const timer = setInterval(() => {
    if (waiting.length < held) return;
    clearInterval(timer);
    for (const socket of waiting.splice(0)) socket.write(answer);
  }, 50);
});
process.on('disconnect', () => process.exit());

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('data', () => waiting.push(socket));
  // The bench has gone: it ends this process too.
  socket.on('error', () => socket.destroy());
});
server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => {
  const address = server.address();
  process.send?.(typeof address === 'object' && address ? address.port : 0);
});
