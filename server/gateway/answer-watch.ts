import type { ServerResponse } from 'node:http';

import type { Logger } from '#server/platform/log.ts';

/** With the 5 s for which somebody's rights are remembered, whoever loses them is cut off within 15 s. */
const lookEveryMs = 5000;
const sideBySide = 50;

/** Answers under way, and whether each may go on: a picture must not run on because it was asked for in time. */
export class AnswerWatch {
  readonly #log: Logger;
  readonly #everyMs: number;
  readonly #open = new Map<ServerResponse, () => Promise<boolean>>();
  #timer: NodeJS.Timeout | null = null;
  #looking = false;

  constructor(options: { log: Logger; everyMs?: number }) {
    this.#log = options.log;
    this.#everyMs = options.everyMs ?? lookEveryMs;
  }

  add(response: ServerResponse, mayGoOn: () => Promise<boolean>): void {
    if (response.destroyed) return;
    this.#open.set(response, mayGoOn);
    response.once('close', () => {
      this.#open.delete(response);
      if (this.#open.size === 0) this.#stop();
    });
    this.#timer ??= setInterval(() => void this.#look(), this.#everyMs).unref();
  }

  #stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const answers = [...this.#open];
    for (let from = 0; from < answers.length; from += sideBySide)
      await Promise.all(answers.slice(from, from + sideBySide).map((answer) => this.#lookAt(answer)));
    this.#looking = false;
  }

  async #lookAt([response, mayGoOn]: [ServerResponse, () => Promise<boolean>]): Promise<void> {
    try {
      if (!(await mayGoOn())) response.destroy();
    } catch (error) {
      // A database that is away must not stop media that run.
      this.#log.warn({ action: 'media.unasked', error }, 'nobody could say whether an answer may go on');
    }
  }
}
