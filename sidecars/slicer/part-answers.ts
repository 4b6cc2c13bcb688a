import { scope, type Playable } from './asked.ts';
import type { LivePart } from './live-segment.ts';
import { PreparedAnswer } from './prepared-answer.ts';
import type { RenditionName } from './rendition.ts';
import { headersOf, type Reply } from './reply.ts';

/** Of each stream: all of its viewers ask for the newest, some for the one before, in one rendition or two. */
const keptMax = 4;

interface Kept {
  part: LivePart;
  rendition: RenditionName;
  isPublic: boolean;
  answer: PreparedAnswer;
}

/** The newest parts as answers made once for all who ask. Few are kept: each is a copy of the part, beside the one in the ring. */
export class PartAnswers<Stream extends Playable> {
  readonly #kept = new WeakMap<Stream, Kept[]>();

  /** Null where the ring has let the part go. */
  of(
    stream: Stream,
    { part, rendition }: Pick<Kept, 'part' | 'rendition'>,
    make: () => { reply: Reply; bytes: Buffer | null },
  ): PreparedAnswer | null {
    const isPublic = scope(stream) === 'public';
    const kept = this.#kept.get(stream) ?? [];
    const found = kept.find((each) => each.part === part && each.rendition === rendition && each.isPublic === isPublic);
    if (found) return found.answer;
    const { reply, bytes } = make();
    if (!bytes) return null;
    const answer = new PreparedAnswer(headersOf(reply), bytes);
    this.#kept.set(stream, [{ part, rendition, isPublic, answer }, ...kept.slice(0, keptMax - 1)]);
    return answer;
  }
}
