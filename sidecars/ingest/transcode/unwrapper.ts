/** Takes the wrap out of time stamps: each is read as the one nearest to the last. */
export class Unwrapper {
  private readonly span: number;
  private last: number | null = null;

  constructor(wrapBits: 32 | 33 | 64) {
    this.span = wrapBits === 64 ? 0 : 2 ** wrapBits;
  }

  unwrap(ticks: number): number {
    const { span } = this;
    this.last = this.last === null || span === 0 ? ticks : ticks + Math.round((this.last - ticks) / span) * span;
    return this.last;
  }
}
