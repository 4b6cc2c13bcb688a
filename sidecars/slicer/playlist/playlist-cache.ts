import { gzipSync } from 'node:zlib';

import { scope, type Playable } from '../asked.ts';
import { PreparedAnswer } from '../prepared-answer.ts';
import { headersOf, playlistType } from '../reply.ts';
import { livePlaylist } from './live-playlist.ts';

interface PlaylistKind {
  /** A delta update. */
  skip: boolean;
  gzip: boolean;
  /** It was asked for by what is to be in it, and waited for where that was not there. */
  isBlocked: boolean;
}

interface Made {
  version: number;
  /** Text and gzip by what is left out; all renditions share them: URIs are relative, numbers the same. */
  bodies: Map<string, Buffer>;
  /** By the bits of what tells them apart. */
  answers: (PreparedAnswer | undefined)[];
}

/** Playlists of a stream's present state, made once however many ask: a part wakes thousands in the same moment. */
export class PlaylistCache {
  readonly #made = new WeakMap<Playable, Made>();

  answer(stream: Playable, kind: PlaylistKind): PreparedAnswer {
    const { answers, bodies } = this.#current(stream);
    const isPublic = scope(stream) === 'public';
    const at = (kind.skip ? 1 : 0) | (kind.gzip ? 2 : 0) | (kind.isBlocked ? 4 : 0) | (isPublic ? 8 : 0);
    return (answers[at] ??= makeAnswer(stream, kind, bodies));
  }

  #current(stream: Playable): Made {
    const { version } = stream.window;
    let made = this.#made.get(stream);
    if (made?.version !== version) {
      made = { version, bodies: new Map(), answers: [] };
      this.#made.set(stream, made);
    }
    return made;
  }
}

function makeAnswer(stream: Playable, kind: PlaylistKind, bodies: Made['bodies']): PreparedAnswer {
  const reply = { type: playlistType, caching: cachingOf(stream, kind.isBlocked) };
  return new PreparedAnswer(
    headersOf(kind.gzip ? { ...reply, encoding: 'gzip' } : reply),
    bodyOf(stream, kind, bodies),
  );
}

function cachingOf(stream: Playable, isBlocked: boolean): string {
  const { targetDuration, segments } = stream.window;
  // A blocked answer is the same for all who ask with the same query: caches may join them.
  if (isBlocked) return `${scope(stream)}, max-age=${3 * targetDuration}`;
  // hls.js starts at the first whole segment: until then it asks again and again, and a stale answer would keep it waiting.
  return segments[0]?.closed ? `${scope(stream)}, max-age=1` : 'no-cache';
}

function bodyOf(stream: Playable, { skip, gzip }: Pick<PlaylistKind, 'skip' | 'gzip'>, bodies: Made['bodies']): Buffer {
  const key = `${skip ? 's' : 'f'}${gzip ? 'z' : 't'}`;
  let body = bodies.get(key);
  if (!body) {
    body = gzip
      ? gzipSync(bodyOf(stream, { skip, gzip: false }, bodies), { level: 4 })
      : Buffer.from(livePlaylist(stream.window.view(stream.ended), skip));
    bodies.set(key, body);
  }
  return body;
}
