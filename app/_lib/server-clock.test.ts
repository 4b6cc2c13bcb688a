import { describe, expect, it } from 'vitest';

import { negotiateLocale } from './locale.ts';
import { boundsOf, narrow, offsetOf } from './server-clock.ts';

const answer = (serverMs: number, browserMs: number) =>
  boundsOf({ dateHeaderMs: Math.floor(serverMs / 1000) * 1000, sentAtMs: browserMs - 20, receivedAtMs: browserMs });

describe('the server’s clock', () => {
  it('is taken for the browser’s own while nothing contradicts that', () => {
    expect(offsetOf(answer(10_400, 10_400))).toBe(0);
    expect(offsetOf(null)).toBe(0);
  });

  it('is found within a tenth of a second from headers that tell whole seconds', () => {
    const offsetMs = 5300;
    let bounds = answer(10_000 + offsetMs, 10_000);
    for (let ms = 10_000; ms < 40_000; ms += 1090) bounds = narrow(bounds, answer(ms + offsetMs, ms));
    expect(Math.abs(offsetOf(bounds) - offsetMs)).toBeLessThan(100);
  });

  it('is learnt anew when it was set', () => {
    const before = answer(10_000, 10_000);
    const after = answer(80_000, 11_000);
    expect(narrow(before, after)).toEqual(after);
  });
});

describe('the language of a browser', () => {
  it('is the best of its wishes that we speak, else English', () => {
    expect(negotiateLocale('fr-FR,ja;q=0.8,en;q=0.9')).toBe('en');
    expect(negotiateLocale('ja-JP,en;q=0.5')).toBe('ja');
    expect(negotiateLocale('')).toBe('en');
  });
});
