import type { Asked, Playable } from './asked.ts';
import { refuse } from './reply.ts';

interface Bound {
  /** Three target durations unless told. */
  holdMs?: number;
  /** Instead of the 503 that says that it did not come in time. */
  late?: () => void;
  /** See `Waiter.exact`. */
  exact?: boolean;
}

/** Holds the request until a part or segment is there. No timer of its own: the stream's waiters are looked through once in a while. */
export function hold(
  { stream, response }: Asked<Playable>,
  position: { mediaSequence: number; part: number | null },
  arrived: () => Promise<void> | void,
  bound: Bound = {},
): void {
  const holdMs = bound.holdMs ?? 3 * stream.window.targetDuration * 1000;
  let settled = false;
  const waiter = {
    deadline: performance.now() + holdMs,
    exact: bound.exact ?? false,
    settle: (there: boolean) => {
      settled = true;
      if (response.destroyed) return;
      if (there) arrived()?.catch(() => refuse(response, 500, 'a fault of ours'));
      else if (bound.late) bound.late();
      else refuse(response, 503, 'what was waited for did not come in time', 1);
    },
  };
  const forget = stream.waiters.add(position, waiter);
  response.once('close', () => {
    if (!settled) forget();
  });
}
