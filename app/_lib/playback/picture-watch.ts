const stuckMs = { live: 6000, past: 15_000 };

/** Whether the picture moves, by the time in it: looked at once in a while. */
export class PictureWatch {
  #mediaTime = -1;
  #sinceMs: number;

  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
  }

  /** Something else is shown from here on. */
  restart(nowMs: number, mediaTime = -1): void {
    this.#mediaTime = mediaTime;
    this.#sinceMs = nowMs;
  }

  /** True where it should move and has stood for too long. `mayMove`: it is neither paused nor hidden nor gone. */
  isStuck(mediaTime: number, at: { nowMs: number; mayMove: boolean; type: keyof typeof stuckMs }): boolean {
    const { nowMs, mayMove, type } = at;
    if (!mayMove || mediaTime !== this.#mediaTime) {
      this.restart(nowMs, mediaTime);
      return false;
    }
    return nowMs - this.#sinceMs > stuckMs[type];
  }
}
