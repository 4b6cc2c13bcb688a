import type { OnReadOpts, Socket } from 'node:net';

const readBytesMax = 64 * 1024;
const slabBytes = 256 * 1024;
/** Packets of a picture trickle in one by one, and each would wake the process. All sockets are read at the same moments. */
const readEveryMs = 33;
/** Timers come up to a millisecond before their moment, which must not be read twice. */
const earlyMsMax = 5;

/**
 * Reads a socket without the stream machinery and its 64 KiB of fresh memory a read: a quarter of what a stream costs.
 * Bytes go from one buffer of the socket into slabs that live as long as somebody holds a view of them.
 */
export class SocketReader {
  /** For `net.connect`; a socket made without it is read by its `data` events. */
  readonly onread: OnReadOpts = {
    buffer: Buffer.allocUnsafeSlow(readBytesMax),
    callback: (length, buffer) => {
      this.listener(this.keep(buffer, length));
      // What fills the buffer has more behind it.
      if (!this.isSteady || length === readBytesMax) return true;
      setTimeout(this.readOn, untilNextRound(performance.now()));
      return false;
    },
  };
  /** Bytes come all the time and nobody waits for an answer: they are read in rounds. */
  isSteady = false;
  private socket: Socket | null = null;
  private readonly readOn = () => void this.socket?.resume();
  private slab = Buffer.alloc(0);
  private used = 0;
  private listener: (read: Buffer) => void = () => undefined;

  attach(socket: Socket, listener: (read: Buffer) => void): void {
    this.listener = listener;
    this.socket = socket;
    // Never emitted by a socket that has `onread`.
    socket.on('data', listener);
  }

  private keep(buffer: Uint8Array, length: number): Buffer {
    if (this.slab.length - this.used < length) {
      this.slab = Buffer.allocUnsafeSlow(slabBytes);
      this.used = 0;
    }
    const read = this.slab.subarray(this.used, this.used + length);
    read.set(buffer.subarray(0, length));
    this.used += length;
    return read;
  }
}

/** Milliseconds from `now` to the moment at which all sockets are read next. */
export function untilNextRound(now: number): number {
  const left = readEveryMs - (now % readEveryMs);
  return left > earlyMsMax ? left : left + readEveryMs;
}
