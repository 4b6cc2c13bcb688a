import type { KeyRow } from './store.ts';

/** A revocation that the bus did not carry holds after this. */
const rememberedMs = 5000;
const rememberedMax = 2000;

/** Rows of keys that were used a moment ago. What they hold is looked at anew at every call. */
export class RememberedKeys {
  readonly #byPrefix = new Map<string, { row: KeyRow; untilMs: number }>();
  readonly #prefixes = new Map<string, string>();

  get(prefix: string, nowMs: number): KeyRow | null {
    const known = this.#byPrefix.get(prefix);
    return known && known.untilMs > nowMs ? known.row : null;
  }

  /** Also when its time here is over: until it is read again. */
  byId(id: string): KeyRow | null {
    const prefix = this.#prefixes.get(id);
    return prefix === undefined ? null : (this.#byPrefix.get(prefix)?.row ?? null);
  }

  set(row: KeyRow, nowMs: number): void {
    this.forget(row.id);
    this.#byPrefix.set(row.prefix, { row, untilMs: nowMs + rememberedMs });
    this.#prefixes.set(row.id, row.prefix);
    for (const { row: oldest } of this.#byPrefix.values()) {
      if (this.#byPrefix.size <= rememberedMax) break;
      this.forget(oldest.id);
    }
  }

  forget(id: string): void {
    const prefix = this.#prefixes.get(id);
    if (prefix === undefined) return;
    this.#prefixes.delete(id);
    this.#byPrefix.delete(prefix);
  }

  forgetPerson(userId: string): void {
    for (const { row } of this.#byPrefix.values()) if (row.userId === userId) this.forget(row.id);
  }

  clear(): void {
    this.#byPrefix.clear();
    this.#prefixes.clear();
  }
}
