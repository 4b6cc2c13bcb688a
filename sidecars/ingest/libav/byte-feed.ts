/** Bytes from a connection of ours to libav's reader, in order and bounded. One writer, one reader. */
export class ByteFeed {
  private readonly bytesMax: number;
  private queue: Buffer[] = [];
  private queued = 0;
  private ended = false;
  private failure: Error | null = null;
  private wakeReader: (() => void) | null = null;
  private wakeWriter: (() => void) | null = null;
  /** Bytes taken in since the beginning. */
  received = 0;

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  /** Why the writer stopped, where it was no plain end. */
  get error(): Error | null {
    return this.failure;
  }

  get isFull(): boolean {
    return this.queued >= this.bytesMax;
  }

  /** Takes bytes in and waits while there are too many. False when nobody wants more. */
  async write(bytes: Buffer): Promise<boolean> {
    this.push(bytes);
    while (this.isFull && !this.ended) {
      await new Promise<void>((resolve) => {
        this.wakeWriter = resolve;
      });
    }
    return !this.ended;
  }

  /** Takes bytes in at once: for a sender that can't wait. Ask `isFull` first. */
  push(bytes: Buffer): void {
    if (this.ended || bytes.length === 0) return;
    this.queue.push(bytes);
    this.queued += bytes.length;
    this.received += bytes.length;
    this.wakeReader?.();
  }

  /** No more is to come; what is queued is still read. */
  end(error: Error | null = null): void {
    if (this.ended) return;
    this.ended = true;
    this.failure = error;
    this.wakeReader?.();
    this.wakeWriter?.();
  }

  /** Ends it and throws away what is queued. */
  abort(error: Error | null = null): void {
    this.queue = [];
    this.queued = 0;
    this.end(error);
    this.wakeWriter?.();
  }

  /** At most `size` bytes; null at the end. */
  async read(size: number): Promise<Buffer | null> {
    while (this.queue.length === 0) {
      if (this.ended) return null;
      await new Promise<void>((resolve) => {
        this.wakeReader = resolve;
      });
    }
    const head = this.queue[0];
    if (!head) return null;
    const piece = head.subarray(0, size);
    if (piece.length === head.length) this.queue.shift();
    else this.queue[0] = head.subarray(size);
    this.queued -= piece.length;
    if (!this.isFull) this.wakeWriter?.();
    return piece;
  }
}
