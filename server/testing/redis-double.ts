import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/** As much of Redis as rate limits ask for: counts that expire, over its own protocol. */
export async function aRedis() {
  const counts = new Map<string, { value: number; until: number }>();
  const sockets = new Set<Socket>();
  const wakes = new Set<() => void>();
  const countOf = (key: string) => {
    const held = counts.get(key);
    if (held && held.until > Date.now()) return held;
    counts.delete(key);
    return null;
  };
  const ttlOf = (key: string) => (countOf(key)?.until ?? Date.now() - 2) - Date.now();
  const increase = (key: string, by: number, seconds: number) => {
    const held = countOf(key) ?? { value: 0, until: Date.now() + seconds * 1000 };
    held.value += by;
    counts.set(key, held);
    return `*2\r\n:${held.value}\r\n:${ttlOf(key)}\r\n`;
  };
  const bulk = (text: string) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
  let isHanging = false;
  const one = ([word = '', ...args]: string[]): string => {
    const [first = '', , key = '', by = '0', seconds = '0'] = args;
    switch (word.toLowerCase()) {
      case 'info':
        return bulk('redis_version:7.2.0\r\nloading:0\r\n');
      case 'evalsha':
        return '-NOSCRIPT No matching script\r\n';
      case 'eval':
        return increase(key, Number(by), Number(seconds));
      case 'get': {
        const held = countOf(first);
        return held ? bulk(String(held.value)) : '$-1\r\n';
      }
      case 'pttl':
        return `:${ttlOf(first)}\r\n`;
      case 'del':
        return `:${counts.delete(first) ? 1 : 0}\r\n`;
      default:
        return '+OK\r\n';
    }
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    let waiting = '';
    let queued: string[] | null = null;
    const answer = () => {
      for (;;) {
        const read = isHanging ? null : readCommand(waiting);
        if (!read) return;
        waiting = waiting.slice(read.length);
        const word = read.words[0]?.toLowerCase();
        if (word === 'multi') {
          queued = [];
          socket.write('+OK\r\n');
        } else if (word === 'exec') {
          const answers = queued ?? [];
          socket.write(`*${answers.length}\r\n${answers.join('')}`);
          queued = null;
        } else if (queued) {
          queued.push(one(read.words));
          socket.write('+QUEUED\r\n');
        } else socket.write(one(read.words));
      }
    };
    wakes.add(answer);
    socket.once('close', () => wakes.delete(answer));
    socket.on('data', (chunk) => {
      waiting += chunk.toString('latin1');
      answer();
    });
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('not listening');
  const { port } = address;
  return {
    url: `redis://127.0.0.1:${port}`,
    counts,
    /** Goes away as a machine does; `back` brings it again at the same address. */
    away: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
    back: () => listen(port),
    /** Takes what it is told and answers nothing, until it is to go on. */
    hang: () => {
      isHanging = true;
    },
    goOn: () => {
      isHanging = false;
      for (const wake of wakes) wake();
    },
  };
}

/** One command of the protocol (`*2\r\n$3\r\nGET\r\n…`), or null while it is not whole. */
function readCommand(text: string): { words: string[]; length: number } | null {
  let at = 0;
  const line = () => {
    const end = text.indexOf('\r\n', at);
    if (end < 0) return null;
    const read = text.slice(at + 1, end);
    at = end + 2;
    return read;
  };
  const count = line();
  if (count === null) return null;
  const words: string[] = [];
  for (let index = 0; index < Number(count); index += 1) {
    const length = line();
    if (length === null || text.length < at + Number(length) + 2) return null;
    words.push(text.slice(at, at + Number(length)));
    at += Number(length) + 2;
  }
  return { words, length: at };
}
