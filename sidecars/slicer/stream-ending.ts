import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';

import type { Logger } from 'pino';
import { z } from 'zod';

import { replaceFile } from './disk/replace-file.ts';

/** The word that a stream is over, as its folder keeps it. */
const keptEnding = z.object({ reason: z.string(), endsAtMs: z.number() });
export type KeptEnding = z.infer<typeof keptEnding>;

export interface StreamEndingOptions {
  kept: KeptEnding | null;
  keep: (ending: KeptEnding | null) => void;
}

/**
 * When a stream is over: by word, at once or after the grace that the word leaves, or because no writer came back in time. Once over it stays so.
 * A camera, whose policy has no grace, never is.
 */
export class StreamEnding {
  readonly #keep: StreamEndingOptions['keep'];
  #word: KeptEnding | null;
  #over: KeptEnding | null = null;
  /** Since when no writer is there, on the clock of `performance.now()`: what slept has not waited. */
  #alone: number | null = null;

  constructor({ kept, keep }: StreamEndingOptions) {
    this.#word = kept;
    this.#keep = keep;
  }

  get isOver(): boolean {
    return this.#over !== null;
  }

  /** UTC ms. */
  get overSinceMs(): number | null {
    return this.#over?.endsAtMs ?? null;
  }

  get reason(): string | null {
    return this.#over?.reason ?? null;
  }

  /** It was said. The first word counts, unless a later one leaves less time. */
  say(reason: string, graceMs: number, nowMs: number): void {
    const endsAtMs = nowMs + graceMs;
    if (this.#over || (this.#word && this.#word.endsAtMs <= endsAtMs)) return;
    this.#word = { reason, endsAtMs };
    this.#keep(this.#word);
  }

  /** A writer is there again. */
  resume(): void {
    if (this.#over || !this.#word) return;
    this.#word = null;
    this.#keep(null);
  }

  /** To be asked now and then; true once, when it has come to be over. `graceMs`: of the policy; null for what never ends. */
  isDue(
    state: { graceMs: number | null; writing: boolean; hasMedia: boolean },
    nowMs: number,
    clockMs: number,
  ): boolean {
    const { graceMs, writing, hasMedia } = state;
    this.#alone = writing ? null : (this.#alone ?? clockMs);
    if (graceMs === null || this.#over) return false;
    if (this.#word && nowMs >= this.#word.endsAtMs) return this.#end(this.#word);
    // What was never begun is not over either.
    if (this.#alone === null || !hasMedia || clockMs - this.#alone < graceMs) return false;
    return this.#end({ reason: 'no writer came back in time', endsAtMs: nowMs });
  }

  #end(ending: KeptEnding): true {
    this.#over = ending;
    if (this.#word !== ending) this.#keep(ending);
    return true;
  }
}

const fileName = 'ending.json';

export async function readEnding(dir: string): Promise<KeptEnding | null> {
  try {
    return keptEnding.parse(JSON.parse(await readFile(path.join(dir, fileName), 'utf8')));
  } catch {
    return null; // Nothing was said, or it was lost: then the grace decides once more.
  }
}

/** Writes follow one another. */
export function endingKeeper(dir: string, log: Logger): StreamEndingOptions['keep'] {
  const file = path.join(dir, fileName);
  let writing = Promise.resolve();
  return (ending) => {
    writing = writing
      .then(() => (ending ? replaceFile(file, JSON.stringify(ending)) : rm(file, { force: true })))
      .catch((error: unknown) =>
        log.warn({ action: 'ending.write', error: String(error) }, 'that a stream ended could not be noted'),
      );
  };
}
