const inFlightMax = 3;
let inFlight = 0;
const waiting: (() => void)[] = [];

/**
 * Runs fetches of pictures a few at a time: over HTTP/1.1 a browser has six connections a host, and a player must find one free.
 * The queue is bounded by the pictures on the screen, each of which waits for one turn at most.
 */
export async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (inFlight >= inFlightMax) await new Promise<void>((resolve) => waiting.push(resolve));
  inFlight += 1;
  try {
    return await work();
  } finally {
    inFlight -= 1;
    waiting.shift()?.();
  }
}
