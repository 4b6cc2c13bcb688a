import type { ServerResponse } from 'node:http';

import { recordFlag, recordHeaderBytes, recordType, trackId, type RecordHeader } from '#server/contracts/log-record.ts';

import type { Asked } from './asked.ts';
import type { LogRun } from './disk/segment.ts';
import { KeepUp } from './keep-up.ts';
import { spliceRun } from './live-media.ts';
import { refuse } from './reply.ts';

/** Of one stream: each is written to with every record. Who comes later has the playlists. */
const tailsMax = 256;

const trackNames = new Map([
  ['v', trackId.video],
  ['a', trackId.aac],
  ['o', trackId.opus],
]);

/** `v,a` or track numbers; null: those of `src`. */
export function parseTracks(text: string | null): number[] | null {
  if (text === null || text === '') return null;
  return text
    .split(',')
    .map((name) => trackNames.get(name) ?? Number(name))
    .filter((track) => Number.isInteger(track) && track > 0);
}

/** `tail.mp4?tracks=v,a`: fragmented MP4 without end, from the last key frame; a new run writes its own init. For `<video>`, OpenCV, FFmpeg. */
export function serveTail({ stream, request, response, query }: Asked): void {
  if (stream.ended) return refuse(response, 410, 'the stream is over: its playlist plays what was recorded');
  if (stream.tails >= tailsMax) return refuse(response, 503, 'too many watch the tail of this stream', 5);
  const run = stream.run;
  const wanted = parseTracks(query.get('tracks')) ?? [trackId.video, trackId.aac];
  const tracksOf = (of: LogRun) => of.tracks.map((track) => track.track).filter((track) => wanted.includes(track));
  const init = run && spliceRun(run, tracksOf(run));
  if (!init) return refuse(response, 404, 'the stream has none of these tracks');
  response.writeHead(200, [
    'content-type',
    'video/mp4',
    'cache-control',
    'no-store',
    'access-control-allow-origin',
    '*',
  ]);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  response.write(init);
  const since = stream.chunksSince(null);
  if (since.length === 0) stream.wantKeyFrame();
  for (const chunk of since) if (wanted.includes(chunk.track)) response.write(chunk.data);
  const keepUp = new KeepUp();
  const sink = {
    run: (next: LogRun) => {
      const bytes = spliceRun(next, tracksOf(next));
      if (bytes) response.write(bytes);
    },
    record: (record: Buffer, header: RecordHeader) => {
      if (header.type !== recordType.chunk || !wanted.includes(header.track)) return;
      const opens = (header.flags & recordFlag.key) !== 0 && header.track === stream.lead?.track;
      if (keepUp.admits(opens, unread(response))) response.write(record.subarray(recordHeaderBytes));
      else stream.readerDrops += 1;
    },
    close: () => response.end(),
  };
  stream.sinks.add(sink);
  stream.tails += 1;
  response.once('close', () => {
    stream.sinks.delete(sink);
    stream.tails -= 1;
  });
}

function unread(response: ServerResponse): number {
  return response.writableLength + (response.socket?.writableLength ?? 0);
}
