/** 12 buckets of 5 s: the window that the delays are looked at over. */
const bucketUs = 5_000_000;
const bucketCount = 12;
/** With less than this the slope is noise. */
const slopeSpanUs = 20_000_000;
const slopeMax = 500e-6;

interface DelayLine {
  /** Delay at `time`, both µs. */
  time: number;
  delay: number;
  /** Change of the delay per µs. */
  slope: number;
}

/**
 * The lower hull of (time, delay) over the last minute: what the delay would be on an empty network. Queues only ever add to a delay, so
 * the smallest ones of a stretch lie on a line whose slope is the drift between the two clocks (Moon, Skelly, Towsley 1999).
 */
export class LowerHull {
  readonly #times = new Float64Array(bucketCount);
  readonly #delays = new Float64Array(bucketCount);
  readonly #numbers = new Float64Array(bucketCount).fill(-1);
  #newest = -1;

  /** `time` is the sender's (its distance decides the slope), `arrivalUs` decides the bucket. */
  add(time: number, delay: number, arrivalUs: number): void {
    const number = Math.floor(arrivalUs / bucketUs);
    const slot = number % bucketCount;
    if (this.#numbers[slot] !== number) {
      this.#numbers[slot] = number;
      this.#newest = Math.max(this.#newest, number);
    } else if (delay >= (this.#delays[slot] ?? 0)) return;
    this.#times[slot] = time;
    this.#delays[slot] = delay;
  }

  reset(): void {
    this.#numbers.fill(-1);
    this.#newest = -1;
  }

  get spanUs(): number {
    const points = this.#points();
    return (this.#times[points.at(-1) ?? 0] ?? 0) - (this.#times[points[0] ?? 0] ?? 0);
  }

  /** The line under all delays of the window; null before the first. */
  line(): DelayLine | null {
    const points = this.#points();
    const first = points[0];
    const last = points.at(-1);
    if (first === undefined || last === undefined) return null;
    const hull: number[] = [];
    for (const point of points) {
      while (hull.length >= 2 && this.#turn(hull.at(-2) ?? 0, hull.at(-1) ?? 0, point) <= 0) hull.pop();
      hull.push(point);
    }
    const span = this.#time(last) - this.#time(first);
    if (span < slopeSpanUs) return this.#lowest(points);
    // The edge under the middle of the window lies nearest to all its points.
    const middle = this.#time(first) + span / 2;
    const right = Math.max(
      1,
      hull.findIndex((point) => this.#time(point) >= middle),
    );
    const from = hull[right - 1] ?? first;
    const to = hull[right] ?? last;
    const run = this.#time(to) - this.#time(from);
    const slope = run > 0 ? (this.#delay(to) - this.#delay(from)) / run : 0;
    return { time: this.#time(to), delay: this.#delay(to), slope: Math.min(slopeMax, Math.max(-slopeMax, slope)) };
  }

  #lowest(points: number[]): DelayLine | null {
    let lowest = points[0];
    if (lowest === undefined) return null;
    for (const point of points) if (this.#delay(point) < this.#delay(lowest)) lowest = point;
    return { time: this.#time(lowest), delay: this.#delay(lowest), slope: 0 };
  }

  /** Filled slots of the last minute, oldest first. */
  #points(): number[] {
    const points: number[] = [];
    for (let number = this.#newest - bucketCount + 1; number <= this.#newest; number += 1) {
      if (number < 0) continue;
      const slot = number % bucketCount;
      if (this.#numbers[slot] === number) points.push(slot);
    }
    return points;
  }

  #time(slot: number): number {
    return this.#times[slot] ?? 0;
  }

  #delay(slot: number): number {
    return this.#delays[slot] ?? 0;
  }

  /** > 0 where a → b → c turns left, that is b lies under the line from a to c. */
  #turn(a: number, b: number, c: number): number {
    const abX = this.#time(b) - this.#time(a);
    const acX = this.#time(c) - this.#time(a);
    return abX * (this.#delay(c) - this.#delay(a)) - acX * (this.#delay(b) - this.#delay(a));
  }
}
