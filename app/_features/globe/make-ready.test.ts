import { describe, expect, it } from 'vitest';

import { takeTurns } from './make-ready.ts';

describe('steps that take turns', () => {
  it('are done in order, each in a task of its own', async () => {
    const done: string[] = [];
    const others = setInterval(() => done.push('another'), 0);
    await takeTurns(
      ['first', 'second', 'third'].map((name) => () => done.push(name)),
      new AbortController().signal,
    );
    clearInterval(others);
    expect(done.filter((name) => name !== 'another')).toEqual(['first', 'second', 'third']);
    expect(done.indexOf('second') - done.indexOf('first')).toBeGreaterThan(1);
    expect(done.indexOf('third') - done.indexOf('second')).toBeGreaterThan(1);
  });

  it('end where nobody wants the rest', async () => {
    const done: string[] = [];
    const abort = new AbortController();
    await takeTurns(
      [
        () => {
          done.push('first');
          abort.abort();
        },
        () => done.push('second'),
      ],
      abort.signal,
    );
    expect(done).toEqual(['first']);
  });
});
