import { gzipSync } from 'node:zlib';

import type { Playable } from '../asked.ts';
import { headersOf, playlistType } from '../reply.ts';
import { livePlaylist } from './live-playlist.ts';

export interface PlaylistKind {
  /** A delta update. */
  skip: boolean;
  gzip: boolean;
  /** `cache-control` */
  caching: string;
}

/** Headers and body, ready for as many as ask. */
export interface PlaylistAnswer {
  headers: string[];
  body: Buffer;
}

interface Made {
  version: number;
  /** Text and gzip by what is left out; all renditions share them: URIs are relative, numbers the same. */
  bodies: Map<string, Buffer>;
  answers: Map<string, PlaylistAnswer>;
}

/** Playlists of a stream's present state, made once however many ask: a part wakes thousands in the same moment. */
export class PlaylistCache {
  readonly #made = new WeakMap<Playable, Made>();

  answer(stream: Playable, kind: PlaylistKind): PlaylistAnswer {
    const made = this.#current(stream);
    const key = `${kind.skip ? 's' : 'f'}${kind.gzip ? 'z' : 't'}${kind.caching}`;
    let answer = made.answers.get(key);
    if (!answer) {
      const body = this.#body(stream, made, kind);
      const reply = { type: playlistType, caching: kind.caching };
      const headers = headersOf(kind.gzip ? { ...reply, encoding: 'gzip' } : reply);
      answer = { headers: [...headers, 'content-length', String(body.length)], body };
      made.answers.set(key, answer);
    }
    return answer;
  }

  #current(stream: Playable): Made {
    const { version } = stream.window;
    let made = this.#made.get(stream);
    if (made?.version !== version) {
      made = { version, bodies: new Map(), answers: new Map() };
      this.#made.set(stream, made);
    }
    return made;
  }

  #body(stream: Playable, made: Made, { skip, gzip }: PlaylistKind): Buffer {
    const key = `${skip ? 's' : 'f'}${gzip ? 'z' : 't'}`;
    let body = made.bodies.get(key);
    if (!body) {
      body = gzip
        ? gzipSync(this.#body(stream, made, { skip, gzip: false, caching: '' }), { level: 4 })
        : Buffer.from(livePlaylist(stream.window.view(stream.ended), skip));
      made.bodies.set(key, body);
    }
    return body;
  }
}
