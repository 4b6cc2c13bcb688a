import { liveOnlyHeader } from '#server/contracts/tokens.ts';

import { scope, type Asked, type Playable } from './asked.ts';
import { spliceInits } from './disk/moov-splice.ts';
import type { LogRun } from './disk/segment.ts';
import { hold } from './held-request.ts';
import type { MediaFile } from './media-path.ts';
import { PartAnswers } from './part-answers.ts';
import { partBytes, renditionTracks, trackIdsOf, type RenditionName } from './rendition.ts';
import { refuse, send, sendNotModified } from './reply.ts';

/** Inits, segments and parts of what is live. */
export class LiveMedia<Stream extends Playable> {
  readonly #partAnswers = new PartAnswers<Stream>();
  readonly #inits = new WeakMap<LogRun, Map<RenditionName, Buffer | null>>();

  answer(asked: Asked<Stream>, file: Extract<MediaFile, { file: 'init' | 'segment' | 'part' }>): Promise<void> | void {
    switch (file.file) {
      case 'part':
        return this.#part(asked, file, true);
      case 'segment':
        return this.#segment(asked, file, true);
      case 'init':
        return this.#init(asked, file);
    }
  }

  #part(asked: Asked<Stream>, file: Extract<MediaFile, { file: 'part' }>, mayHold: boolean): Promise<void> | void {
    const { stream, request, response } = asked;
    const { window } = stream;
    const { mediaSequence, part: number, rendition } = file;
    const segment = window.find(mediaSequence);
    const part = segment?.parts[number];
    if (!segment || (!part && !segment.closed)) {
      // The part that the playlist hints at, or the one after it.
      const isNext = segment
        ? number <= segment.parts.length + 1
        : mediaSequence === window.nextMediaSequence && number === 0;
      if (!mayHold || !isNext || stream.ended) return refuse(response, 404, noPart(file));
      // Whether it comes is known when its segment ends: what was hinted at may never be there.
      return hold(asked, { mediaSequence, part: number }, () => this.#part(asked, file, false), { exact: true });
    }
    // A segment of the life before came back without its parts.
    if (!part && segment.parts.length > 0) return refuse(response, 404, noPart(file));
    const tracks = trackIds(rendition, window.runs.get(segment.run));
    const reply = immutable(stream, `${rendition}${mediaSequence}.${number}`);
    if (part && request.headers['if-none-match'] === reply.etag) return sendNotModified(response, reply);
    const answer =
      part && this.#partAnswers.of(stream, { part, rendition }, () => ({ reply, bytes: partBytes(part, tracks) }));
    if (!answer) return this.#storedPart(asked, file, tracks);
    answer.send(request, response);
  }

  /** Out of the memory as soon as it is out of the playlist: who fell behind asks for what an earlier playlist listed. */
  async #storedPart(
    asked: Asked<Stream>,
    file: Extract<MediaFile, { file: 'part' }>,
    tracks: readonly number[],
  ): Promise<void> {
    const { stream, request, response } = asked;
    const { mediaSequence, part, rendition } = file;
    const bytes = await stream.store?.readPart(mediaSequence, part, tracks);
    if (bytes) send(request, response, immutable(stream, `${rendition}${mediaSequence}.${part}`), bytes);
    else refuse(response, 404, noPart(file));
  }

  async #segment(asked: Asked<Stream>, file: Extract<MediaFile, { file: 'segment' }>, mayHold: boolean): Promise<void> {
    const { stream, request, response } = asked;
    const { window, store } = stream;
    const { mediaSequence, rendition } = file;
    const segment = window.find(mediaSequence);
    const isNext = segment ? !segment.closed : mediaSequence === window.nextMediaSequence;
    if (isNext && mayHold && !stream.ended) {
      return hold(asked, { mediaSequence, part: null }, () => this.#segment(asked, file, false));
    }
    if (!segment && request.headers[liveOnlyHeader] !== undefined && mediaSequence < window.nextMediaSequence)
      return refuse(response, 403, `segment ${mediaSequence} has left the live window: it is a recording`);
    const reply = immutable(stream, `${rendition}${mediaSequence}`);
    if (segment?.closed && segment.parts.length > 0) {
      const tracks = trackIds(rendition, window.runs.get(segment.run));
      const parts = segment.parts.map((part) => partBytes(part, tracks));
      const held = parts.filter((part) => part !== null);
      if (held.length === parts.length) return send(request, response, reply, held);
    }
    const run = segment ? window.runs.get(segment.run) : undefined;
    const tracks = trackIds(rendition, run);
    const bytes = await store?.read(mediaSequence, tracks);
    if (bytes && bytes.length > 0) send(request, response, reply, bytes);
    else refuse(response, mediaSequence < window.nextMediaSequence ? 410 : 404, `segment ${mediaSequence} is not kept`);
  }

  async #init(asked: Asked<Stream>, file: Extract<MediaFile, { file: 'init' }>): Promise<void> {
    const { stream, request, response } = asked;
    const run = stream.window.runs.get(file.run) ?? (await stream.store?.run(file.run)) ?? null;
    const init = run && this.#initOf(run, file.rendition);
    if (!init) return refuse(response, 404, `run ${file.run} has no ${file.rendition}`);
    send(request, response, immutable(stream, `${file.rendition}i${file.run}`), init);
  }

  #initOf(run: LogRun, rendition: RenditionName): Buffer | null {
    let made = this.#inits.get(run);
    if (!made) {
      made = new Map();
      this.#inits.set(run, made);
    }
    let init = made.get(rendition);
    if (init === undefined) {
      init = spliceRun(
        run,
        renditionTracks(rendition, run.tracks).map((track) => track.track),
      );
      made.set(rendition, init);
    }
    return init;
  }
}

function noPart({ mediaSequence, part }: { mediaSequence: number; part: number }): string {
  return `there is no part ${mediaSequence}.${part}`;
}

/** ftyp+moov of these tracks of a run; null where one is missing. */
export function spliceRun(run: LogRun, tracks: readonly number[]): Buffer | null {
  const inits = tracks.map((track) => run.inits.get(track)).filter((init) => init !== undefined);
  return inits.length === tracks.length && inits.length > 0 ? spliceInits(inits) : null;
}

function trackIds(rendition: RenditionName, run: LogRun | undefined): readonly number[] {
  // Of a recorded segment the run may not be at hand.
  return run ? renditionTracks(rendition, run.tracks).map((track) => track.track) : trackIdsOf(rendition);
}

function immutable(stream: Playable, tag: string): { type: string; caching: string; etag: string } {
  const type = tag.startsWith('a') || tag.startsWith('o') ? 'audio/mp4' : 'video/mp4';
  return { type, caching: `${scope(stream)}, max-age=31536000, immutable`, etag: `"${tag}"` };
}
