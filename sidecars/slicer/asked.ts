import type { IncomingMessage, ServerResponse } from 'node:http';

import type { LiveStream } from './stream.ts';

/** What live playlists are made of: a stream, or a rung of one. */
export type Playable = Pick<
  LiveStream,
  'window' | 'waiters' | 'store' | 'policy' | 'writing' | 'ended' | 'playlistGiven' | 'wantKeyFrame'
>;

/** A request for one stream, on its way to an answer. */
export interface Asked<Stream extends Playable = LiveStream> {
  stream: Stream;
  request: IncomingMessage;
  response: ServerResponse;
  query: URLSearchParams;
}

/** Who may keep a copy on the way. */
export function scope(stream: Playable): 'public' | 'private' {
  const { visibility } = stream.policy;
  return visibility === 'public' || visibility === 'unlisted' ? 'public' : 'private';
}
