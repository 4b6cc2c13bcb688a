import type { Logger } from 'pino';

import type { StreamId } from '#server/contracts/ids.ts';
import type { Child } from '#server/supervisor/child.ts';

import { fromCell, type CellCounters, type FromCell, type ToCell } from './cell-protocol.ts';
import { waitedForProcessorMs } from './run-queue.ts';

const frozenAfterMs = 5000;
/** Of a cell that wants to run on a machine that has too much to do: killed and begun anew it would have even more. */
const starvedMsMax = 30_000;
/** Of the time in which it was silent. */
const starvedShare = 0.2;

export interface CellHandleOptions {
  name: string;
  capacity: number;
  child: Child;
  log: Logger;
  writeLine: (text: string) => void;
  onReady: (cell: CellHandle) => void;
  onMessage: (cell: CellHandle, message: Exclude<FromCell, { type: 'heartbeat' | 'diagnosed' }>) => void;
  onGone: (cell: CellHandle, ending: { wasAsked: boolean; why: string }) => void;
}

/** A cell as its parent sees it: the child, what it holds, when it was last heard. */
export class CellHandle {
  readonly name: string;
  readonly capacity: number;
  readonly streams = new Set<StreamId>();
  /** False while it goes away. */
  accepting = true;
  counters: CellCounters = { droppedRecords: 0, reconnects: 0, unacknowledgedBytes: 0 };
  readonly #options: CellHandleOptions;
  #heardAtMs = 0;
  /** When it was last looked at while it was heard, and how long it had waited for a processor by then. */
  #before: { atMs: number; waitedMs: number | null } = { atMs: 0, waitedMs: null };
  #isReady = false;

  constructor(options: CellHandleOptions) {
    this.#options = options;
    this.name = options.name;
    this.capacity = options.capacity;
    const { child, writeLine, onReady, onGone } = options;
    child.on('line', (_source, text) => writeLine(text));
    child.on('message', (raw) => this.#onRaw(raw));
    child.once('ready', () => {
      this.#isReady = true;
      this.#heardAtMs = performance.now();
      onReady(this);
    });
    child.once('gone', (ending) => {
      this.accepting = false;
      onGone(this, { wasAsked: ending.kind === 'asked', why: ending.message });
    });
    child.start().catch(() => {
      // `gone` has told it.
    });
  }

  get isReady(): boolean {
    return this.#isReady;
  }
  get sources(): number {
    return this.streams.size;
  }

  /** Says nothing to a cell that is not ready: `onReady` tells it everything. */
  tell(message: ToCell): void {
    if (this.#isReady) this.#options.child.send(message);
  }

  /** To be called each second: SIGKILLs a cell that sent no heartbeat for 5 s. `wasAway`: we did not listen either, so it gets another 5. */
  killIfFrozen(wasAway: boolean): void {
    const nowMs = performance.now();
    if (wasAway) this.#heardAtMs = nowMs;
    const silentMs = nowMs - this.#heardAtMs;
    const waitedMs = waitedForProcessorMs(this.#options.child.pid);
    if (this.#heardAtMs >= this.#before.atMs) this.#before = { atMs: nowMs, waitedMs };
    if (!this.#isReady || silentMs <= frozenAfterMs) return;
    const waited = waitedMs === null || this.#before.waitedMs === null ? 0 : waitedMs - this.#before.waitedMs;
    const isStarved = waited > starvedShare * (nowMs - this.#before.atMs);
    if (isStarved && silentMs <= starvedMsMax) return;
    this.#options.log.error(
      { action: 'cell.frozen', cell: this.name, silentMs: Math.round(silentMs), waitedMs: Math.round(waited) },
      `no heartbeat for ${Math.round(silentMs / 1000)} s`,
    );
    this.kill();
  }

  kill(): void {
    this.#options.child.kill();
  }

  async stop(): Promise<void> {
    this.accepting = false;
    await this.#options.child.stop();
  }

  #onRaw(raw: unknown): void {
    const parsed = fromCell.safeParse(raw);
    if (!parsed.success) {
      const issues = parsed.error.issues.slice(0, 3);
      return this.#options.log.error(
        { action: 'cell.invalid', cell: this.name, issues },
        'message of a cell does not parse',
      );
    }
    this.#heardAtMs = performance.now();
    const message = parsed.data;
    if (message.type === 'heartbeat') this.counters = message.counters;
    // Examinations have children of their own (doctor-child.ts).
    else if (message.type !== 'diagnosed') this.#options.onMessage(this, message);
  }
}
