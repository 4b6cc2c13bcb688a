import { describe, expect, it } from 'vitest';

import { Waiters } from './waiters.ts';

function aWaiter(
  waiters: Waiters,
  mediaSequence: number,
  part: number | null,
  { deadline = 100, exact = false }: { deadline?: number; exact?: boolean } = {},
) {
  const settled: boolean[] = [];
  const forget = waiters.add({ mediaSequence, part }, { deadline, exact, settle: (there) => settled.push(there) });
  return { settled, forget };
}

describe('waiting requests', () => {
  it('are answered by their part or a later one, once', () => {
    const waiters = new Waiters();
    const one = aWaiter(waiters, 5, 1);
    const two = aWaiter(waiters, 5, 2);
    waiters.partArrived(5, 0);
    expect(one.settled).toEqual([]);
    waiters.partArrived(5, 1);
    waiters.partArrived(5, 2);
    expect([one.settled, two.settled]).toEqual([[true], [true]]);
    expect(waiters.count).toBe(0);
  });

  it('for a part past the end of a segment wait for the first of the next', () => {
    const waiters = new Waiters();
    const past = aWaiter(waiters, 5, 10);
    const whole = aWaiter(waiters, 5, null);
    waiters.segmentClosed(5, true);
    expect([past.settled, whole.settled]).toEqual([[], [true]]);
    waiters.partArrived(6, 0);
    expect(past.settled).toEqual([true]);
  });

  it('for one very part look as soon as its segment has ended without it, whatever comes next', () => {
    const waiters = new Waiters();
    const hinted = aWaiter(waiters, 5, 10, { exact: true });
    const playlist = aWaiter(waiters, 5, 10);
    waiters.segmentClosed(5, true);
    expect([hinted.settled, playlist.settled, waiters.count]).toEqual([[true], [], 1]);
    waiters.partArrived(6, 0);
    expect([hinted.settled, playlist.settled, waiters.count]).toEqual([[true], [true], 0]);
  });

  it('for a part of a segment without parts are answered with its end', () => {
    const waiters = new Waiters();
    const part = aWaiter(waiters, 5, 0);
    waiters.segmentClosed(5, true);
    expect(part.settled).toEqual([]);
    waiters.segmentClosed(6, false);
    expect(part.settled).toEqual([true]);
  });

  it('are let go after their time, when forgotten, and at the end', () => {
    const waiters = new Waiters();
    const late = aWaiter(waiters, 5, 0, { deadline: 10 });
    const gone = aWaiter(waiters, 5, 0);
    const left = aWaiter(waiters, 5, 0);
    gone.forget();
    waiters.expire(11);
    waiters.close();
    expect([late.settled, gone.settled, left.settled]).toEqual([[false], [], [false]]);
    expect(waiters.count).toBe(0);
  });
});
