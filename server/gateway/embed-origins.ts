import type { Logger } from '#server/platform/log.ts';

const freshForMs = 5000;

/** The origins that may frame our pages, as the operator chose them; a few seconds old at most while pages are asked for. */
export class EmbedOrigins {
  readonly #read: () => Promise<readonly string[]>;
  readonly #log: Logger;
  #origins: readonly string[] = [];
  #readAt = -Infinity;

  constructor(read: () => Promise<readonly string[]>, log: Logger) {
    this.#read = read;
    this.#log = log;
  }

  async current(): Promise<readonly string[]> {
    const now = performance.now();
    if (now - this.#readAt <= freshForMs) return this.#origins;
    const isFirst = this.#readAt === -Infinity;
    this.#readAt = now;
    const reading = this.#refresh();
    // A page does not wait for the database but at the first time.
    if (isFirst) await reading;
    return this.#origins;
  }

  async #refresh(): Promise<void> {
    try {
      this.#origins = (await this.#read()).filter(isOrigin);
    } catch (error) {
      this.#log.warn({ action: 'embedOrigins.failed', error }, 'the origins that may frame pages are not known anew');
    }
  }
}

/** Anything else would write into the policy. */
function isOrigin(text: string): boolean {
  return /^https?:\/\/[^\s;,'"]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
