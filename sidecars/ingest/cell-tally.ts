import type { CellHandle } from './cell-handle.ts';

const badStartsMax = 3;

/** What is counted of cells over the life of this node: sums only grow, whichever cells come and go. */
export class CellTally {
  #droppedRecords = 0;
  #reconnects = 0;
  #crashes = 0;
  #badStarts = 0;
  #badStartWhy = '';

  started(): void {
    this.#badStarts = 0;
  }

  gone({ counters }: CellHandle): void {
    this.#droppedRecords += counters.droppedRecords;
    this.#reconnects += counters.reconnects;
  }

  crashed({ isReady }: CellHandle, why: string): void {
    this.#crashes += 1;
    this.#badStarts += isReady ? 0 : 1;
    this.#badStartWhy = why;
  }

  /** With what the living ones count. */
  sum(living: Iterable<CellHandle>): Record<'cellCrashes' | 'droppedRecords' | 'reconnects', number> {
    const sum = { cellCrashes: this.#crashes, droppedRecords: this.#droppedRecords, reconnects: this.#reconnects };
    for (const { counters } of living) {
      sum.droppedRecords += counters.droppedRecords;
      sum.reconnects += counters.reconnects;
    }
    return sum;
  }

  /** Cells that die before they are ready, again and again: no source is read. */
  get stuck(): string | null {
    return this.#badStarts >= badStartsMax ? `cells do not start: ${this.#badStartWhy}` : null;
  }
}
