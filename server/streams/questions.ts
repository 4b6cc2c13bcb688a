import { randomUUID } from 'node:crypto';

import { AppError } from '#server/platform/app-error.ts';

interface Question<Answer> {
  nodeId: string;
  resolve: (answer: Answer) => void;
  reject: (error: AppError) => void;
}

/** What was asked of sidecars and is not answered yet: each question ends by its answer, its deadline or the end of its node. */
export class Questions<Answer> {
  readonly #open = new Map<string, Question<Answer>>();
  readonly #withinMs: number;
  /** For the log: `looked at the source`. */
  readonly #what: string;

  constructor(withinMs: number, what: string) {
    this.#withinMs = withinMs;
    this.#what = what;
  }

  get size(): number {
    return this.#open.size;
  }

  ofNode(nodeId: string): number {
    return [...this.#open.values()].filter((question) => question.nodeId === nodeId).length;
  }

  ask(nodeId: string, send: (requestId: string) => void): Promise<Answer> {
    const requestId = randomUUID();
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#open.set(requestId, { nodeId, resolve, reject });
    const late = setTimeout(
      () => reject(new AppError('TIMED_OUT', { message: `the ingest node that ${this.#what} said nothing in time` })),
      this.#withinMs,
    );
    send(requestId);
    return promise.finally(() => {
      clearTimeout(late);
      this.#open.delete(requestId);
    });
  }

  /** One after the deadline has nobody to go to. */
  answer(requestId: string, answer: Answer): void {
    this.#open.get(requestId)?.resolve(answer);
  }

  nodeGone(nodeId: string): void {
    for (const question of this.#open.values()) {
      if (question.nodeId === nodeId)
        question.reject(new AppError('UNAVAILABLE', { message: `the ingest node that ${this.#what} went away` }));
    }
  }
}
