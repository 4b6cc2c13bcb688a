/** Requests held until a part or a segment is there. One list by position: publishing a part touches only those who wait for it. */

export interface Waiter {
  /** Called once: true when it is time to look (it is there, or never will be), false when it did not come in time. */
  settle: (arrived: boolean) => void;
  /** On the clock of `performance.now()`. */
  deadline: number;
  /** It wants this very part: where its segment ends before it, none of the next will do, and that is told at once. */
  exact?: boolean;
}

interface Position {
  mediaSequence: number;
  /** null waits for the whole segment. */
  part: number | null;
}

const keyOf = (position: Position): string => `${position.mediaSequence}.${position.part ?? 'end'}`;

export class Waiters {
  readonly #lists = new Map<string, { position: Position; waiters: Set<Waiter> }>();
  count = 0;

  /** Gives back what takes the waiter out again: its client is gone. */
  add(position: Position, waiter: Waiter): () => void {
    const key = keyOf(position);
    let list = this.#lists.get(key);
    if (!list) {
      list = { position, waiters: new Set() };
      this.#lists.set(key, list);
    }
    list.waiters.add(waiter);
    this.count += 1;
    return () => this.#remove(waiter);
  }

  #remove(waiter: Waiter): void {
    for (const [key, list] of this.#lists) {
      if (!list.waiters.delete(waiter)) continue;
      this.count -= 1;
      if (list.waiters.size === 0) this.#lists.delete(key);
      return;
    }
  }

  /** A part is there: whoever waits for it, for one before it, or for the whole of a segment before it. */
  partArrived(mediaSequence: number, part: number): void {
    this.#settleWhere(
      (at) =>
        at.mediaSequence < mediaSequence || (at.mediaSequence === mediaSequence && at.part !== null && at.part <= part),
    );
  }

  /**
   * A segment is whole. Who waits for a part past its end waits for the first of the next, RFC 8216bis §6.2.5.2. A segment that lists no parts
   * has come with all of them.
   */
  segmentClosed(mediaSequence: number, listsParts: boolean): void {
    if (!listsParts) return this.#settleWhere((wanted) => wanted.mediaSequence <= mediaSequence);
    for (const [key, list] of this.#lists) {
      const { position } = list;
      if (position.mediaSequence !== mediaSequence || position.part === null) continue;
      this.#lists.delete(key);
      const all = [...list.waiters];
      this.#moveTo(
        { mediaSequence: mediaSequence + 1, part: 0 },
        all.filter(({ exact }) => !exact),
      );
      const inVain = all.filter(({ exact }) => exact);
      this.count -= inVain.length;
      for (const waiter of inVain) waiter.settle(true);
    }
    this.#settleWhere(
      (wanted) =>
        wanted.mediaSequence < mediaSequence || (wanted.mediaSequence === mediaSequence && wanted.part === null),
    );
  }

  #moveTo(position: Position, waiters: Waiter[]): void {
    if (waiters.length === 0) return;
    const there = this.#lists.get(keyOf(position));
    if (there) for (const waiter of waiters) there.waiters.add(waiter);
    else this.#lists.set(keyOf(position), { position, waiters: new Set(waiters) });
  }

  #settleWhere(isThere: (position: Position) => boolean): void {
    for (const [key, list] of this.#lists) {
      if (!isThere(list.position)) continue;
      this.#lists.delete(key);
      this.count -= list.waiters.size;
      for (const waiter of list.waiters) waiter.settle(true);
    }
  }

  /** Nothing more will come: everybody looks at what is there. */
  settleAll(): void {
    this.#settleWhere(() => true);
  }

  /** Lets go of those whose time is over: called by one coarse timer, never one a waiter. */
  expire(now: number): void {
    for (const [key, list] of this.#lists) {
      for (const waiter of list.waiters) {
        if (waiter.deadline > now) continue;
        list.waiters.delete(waiter);
        this.count -= 1;
        waiter.settle(false);
      }
      if (list.waiters.size === 0) this.#lists.delete(key);
    }
  }

  close(): void {
    const lists = [...this.#lists.values()];
    this.#lists.clear();
    this.count = 0;
    for (const list of lists) for (const waiter of list.waiters) waiter.settle(false);
  }
}
