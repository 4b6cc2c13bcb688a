import { describe, expect, it, vi } from 'vitest';

import type { LivePart } from './live-segment.ts';
import { PartAnswers } from './part-answers.ts';
import { aLiveStream } from './testing/a-live-stream.ts';

function aPart(part: number): LivePart {
  const data = Buffer.from(`part ${part}`);
  return { part, duration: 0.2, independent: part === 0, chunks: [], data, bytes: data.length };
}
const made = (part: LivePart) => ({ reply: { type: 'video/mp4', caching: 'public' }, bytes: part.data });

describe('answers with parts', () => {
  it('are made once for all who ask for the same', () => {
    const [answers, stream, part] = [new PartAnswers(), aLiveStream(), aPart(0)];
    const make = vi.fn<() => ReturnType<typeof made>>(() => made(part));
    const first = answers.of(stream, { part, rendition: 'src' }, make);
    expect(first).not.toBeNull();
    expect(answers.of(stream, { part, rendition: 'src' }, make)).toBe(first);
    expect(make).toHaveBeenCalledTimes(1);
    expect(answers.of(stream, { part, rendition: 'v' }, make)).not.toBe(first);
    expect(answers.of(aLiveStream(), { part, rendition: 'src' }, make)).not.toBe(first);
  });

  it('change with who may keep a copy of them', () => {
    const [answers, stream, part] = [new PartAnswers(), aLiveStream(), aPart(0)];
    const ask = () => answers.of(stream, { part, rendition: 'src' }, () => made(part));
    stream.policy = { ...stream.policy, visibility: 'public' };
    const open = ask();
    stream.policy = { ...stream.policy, visibility: 'private' };
    expect(ask()).not.toBe(open);
  });

  it('are few: an older one is let go for each that is new', () => {
    const [answers, stream] = [new PartAnswers(), aLiveStream()];
    const parts = [0, 1, 2, 3, 4].map(aPart);
    const make = vi.fn<typeof made>(made);
    const ask = (part: LivePart) => answers.of(stream, { part, rendition: 'src' }, () => make(part));
    for (const part of parts) ask(part);
    for (const part of parts.slice(1)) ask(part);
    expect(make).toHaveBeenCalledTimes(5);
    for (const part of parts.slice(0, 1)) ask(part);
    expect(make).toHaveBeenCalledTimes(6);
  });

  it('are none where the ring has let the part go', () => {
    const answers = new PartAnswers();
    const part = { ...aPart(0), data: null };
    expect(answers.of(aLiveStream(), { part, rendition: 'src' }, () => made(part))).toBeNull();
  });
});
