import { trackId } from '#server/contracts/log-record.ts';

import type { Asked } from '../asked.ts';
import type { SegmentStore } from '../disk/segment-store.ts';
import { firstChunk } from '../picture/first-chunk.ts';
import type { PicturePool } from '../picture/picture-pool.ts';
import type { PictureWatch } from '../picture/picture-watch.ts';
import { renditionTracks, type RenditionName } from '../rendition.ts';
import { playlistType, refuse, send } from '../reply.ts';
import type { LiveStream } from '../stream.ts';
import { readJoined } from './joined-segment.ts';
import {
  answerTimeline,
  answerVod,
  variantsOf,
  type RecordedAnswer,
  type RecordedVariants,
  type RecordedQuestion,
} from './recorded-answers.ts';
import { serveStill, type StillStream } from './still-route.ts';
import type { Stills } from './stills.ts';

/** What of a stream the recorded side looks at. */
type RecordedStream = StillStream & Pick<LiveStream, 'ended' | 'endedAtMs'>;
type RecordedAsk<Stream = RecordedStream> = Omit<Asked, 'stream'> & { stream: Stream };

export interface RecordedRoutesOptions<Stream> {
  pool: PicturePool;
  stills: Stills;
  /** The watch that sits on a stream's records; null where none does. */
  watchOf: (stream: Stream) => PictureWatch | null;
}

/** Tracks of a rendition in any run: a run without one of them has no bytes of it. */
const everyTrack = [trackId.video, trackId.aac, trackId.opus].map((track) => ({
  track,
  kind: track === trackId.video ? ('video' as const) : ('audio' as const),
  codec: '',
  timescale: 1,
}));

function tracksOf(rendition: RenditionName): number[] {
  return renditionTracks(rendition, everyTrack).map(({ track }) => track);
}

/** The origin's doors; each is given the request whole. */
interface Routes<Stream> {
  vod: (asked: RecordedAsk<Stream>, rendition: RenditionName) => Promise<void>;
  timeline: (asked: RecordedAsk<Stream>) => Promise<void>;
  thumb: (asked: RecordedAsk<Stream>, mediaSequence: number | null) => Promise<void>;
  /** `{rend}/s/{first}-{last}.m4s` */
  joined: (
    asked: RecordedAsk<Stream>,
    rendition: RenditionName,
    range: { first: number; last: number },
  ) => Promise<void>;
  variants: (asked: RecordedAsk<Stream>) => Promise<RecordedVariants | null>;
}

export function createRecordedRoutes<Stream extends RecordedStream>(
  options: RecordedRoutesOptions<Stream>,
): Routes<Stream> {
  return {
    vod: async (asked, rendition) => {
      const { store, ended } = asked.stream;
      if (!store) return refuse(asked.response, 404, 'nothing is recorded');
      const answer = await answerVod({ ...askOf(asked, store), tracks: tracksOf(rendition), ended });
      reply(asked, playlistType, answer);
    },
    timeline: async (asked) => {
      const { store } = asked.stream;
      if (!store) return refuse(asked.response, 404, 'nothing is recorded');
      reply(asked, 'application/json', await answerTimeline(askOf(asked, store)));
    },
    variants: async (asked) => {
      const { store, ended } = asked.stream;
      return store && variantsOf({ ...askOf(asked, store), ended });
    },
    joined: async ({ stream, request, response }, rendition, range) => {
      const bytes = stream.store && (await readJoined(stream.store, range, tracksOf(rendition)));
      if (!bytes) return refuse(response, 404, `segments ${range.first} to ${range.last} are not all kept`);
      const etag = `"${rendition}${range.first}-${range.last}"`;
      const type = rendition === 'a' || rendition === 'o' ? 'audio/mp4' : 'video/mp4';
      send(request, response, { type, caching: `${scope(stream)}, max-age=31536000, immutable`, etag }, bytes);
    },
    thumb: (asked, mediaSequence) => {
      if (mediaSequence !== null) return segmentThumb(asked, mediaSequence, options.pool);
      if (asked.query.has('at')) return serveStill(asked, options.stills);
      return latestThumb(asked, options.watchOf(asked.stream));
    },
  };
}

/** What is over has no later moment than its end. */
function askOf({ stream, query }: RecordedAsk, store: SegmentStore): RecordedQuestion {
  return { store, query, nowMs: stream.endedAtMs ?? Date.now() };
}

async function latestThumb({ stream, request, response }: RecordedAsk, watch: PictureWatch | null): Promise<void> {
  watch?.watched();
  const thumbnail = watch?.latest;
  if (!thumbnail) return refuse(response, 404, 'there is no picture yet', 2);
  const etag = `"t${Math.round(thumbnail.takenAtMs)}"`;
  send(request, response, { type: 'image/jpeg', caching: `${scope(stream)}, max-age=1`, etag }, thumbnail.jpeg);
}

async function segmentThumb(
  { stream, request, response }: RecordedAsk,
  mediaSequence: number,
  pool: PicturePool,
): Promise<void> {
  const { store } = stream;
  const bytes = await store?.read(mediaSequence, [trackId.video]);
  const meta = bytes ? await store?.find(mediaSequence) : null;
  const init = meta ? await store?.init(meta.run, [trackId.video]) : null;
  const chunk = bytes ? firstChunk(bytes) : null;
  if (!init || !chunk) return refuse(response, 404, `segment ${mediaSequence} is not kept`);
  try {
    // Its own place in the queue: a scrubbing person must not push the stream's living thumbnail out.
    const picture = await pool.picture({ streamId: `${stream.id}/thumbs`, init, chunk });
    const caching = `${scope(stream)}, max-age=31536000, immutable`;
    send(request, response, { type: 'image/jpeg', caching, etag: `"t${mediaSequence}"` }, picture.jpeg);
  } catch {
    refuse(response, 503, 'the picture could not be made in time', 2); // Overtaken, late or undecodable: the pool has counted it.
  }
}

function reply({ stream, request, response }: RecordedAsk, type: string, answer: RecordedAnswer): void {
  if (answer.status !== 200) return refuse(response, answer.status, answer.message);
  const caching = `${scope(stream)}, max-age=${answer.settled ? 60 : 1}`;
  send(request, response, { type, caching }, Buffer.from(answer.body));
}

function scope(stream: RecordedStream): 'public' | 'private' {
  const { visibility } = stream.policy;
  return visibility === 'public' || visibility === 'unlisted' ? 'public' : 'private';
}
