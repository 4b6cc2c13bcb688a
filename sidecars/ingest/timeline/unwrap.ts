/**
 * Time stamps that wrap (RTP 32 bits: 13.25 h at 90 kHz; MPEG-TS 33 bits: 26.5 h) as numbers that do not. Doubles are exact to 2^53;
 * a 64-bit stamp is taken as it is.
 */
export class Unwrapper {
  readonly #modulus: number;
  #last: number | null = null;

  constructor(bits: 32 | 33 | 64) {
    this.#modulus = bits === 64 ? 0 : 2 ** bits;
  }

  /** The stamp on the unwrapped line; later ones are measured from it. */
  next(ticks: number): number {
    const value = this.near(ticks);
    this.#last = value;
    return value;
  }

  /** The stamp on the unwrapped line, nearest to the last one, which stays: sender reports. One that comes first begins the line. */
  near(ticks: number): number {
    this.#last ??= ticks;
    return this.#modulus === 0 ? ticks : this.#last + this.distance(ticks, this.#last);
  }

  /** `to − from` by the shorter way round. pts and dts wrap at different packets, so composition offsets are taken by it too. */
  distance(to: number, from: number): number {
    if (this.#modulus === 0) return to - from;
    const ahead = (((to - from) % this.#modulus) + this.#modulus) % this.#modulus;
    return ahead < this.#modulus / 2 ? ahead : ahead - this.#modulus;
  }
}
