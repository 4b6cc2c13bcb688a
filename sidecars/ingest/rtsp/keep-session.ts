import type { Logger } from 'pino';

import { SourceError } from '../source.ts';
import type { RtspConnection } from './rtsp-connection.ts';

export interface KeepSessionOptions {
  connection: RtspConnection;
  uri: string;
  canGetParameter: boolean;
  sessionSeconds: number;
  mediaMs: number;
  sinceVideoMs: () => number;
  /** The sender said goodbye. */
  hasEnded: () => boolean;
  sendReports: () => void;
  log: Logger;
}

const reportMs = 5000;
const keepAliveMsMin = 1000;

/** While a session plays: keeps it alive, reports reception, and ends it when no picture comes. Returns how to stop. */
export function keepSession(options: KeepSessionOptions): () => void {
  const { connection, mediaMs } = options;
  let method = options.canGetParameter ? 'GET_PARAMETER' : 'OPTIONS';

  const watch = setInterval(
    () => {
      if (options.hasEnded()) connection.end(new SourceError('CLOSED', 'the source said goodbye', { retry: true }));
      else if (options.sinceVideoMs() > mediaMs) {
        connection.end(new SourceError('TIMED_OUT', `no picture for ${mediaMs} ms`, { retry: true }));
      }
    },
    Math.min(1000, mediaMs / 5),
  );

  const report = setInterval(options.sendReports, reportMs);

  const keepAlive = async () => {
    const reply = await connection.request({ method, uri: options.uri });
    if (reply.status === 454) connection.end(new SourceError('CLOSED', 'the session is over', { retry: true }));
    else if (reply.status !== 200) method = 'OPTIONS';
  };
  const alive = setInterval(
    () => {
      // A missing answer is no fault while pictures come; when they don't, the watch ends it.
      keepAlive().catch((error: unknown) =>
        options.log.debug({ action: 'rtsp.keepAlive', error: String(error) }, 'keep-alive was not answered'),
      );
    },
    Math.max(keepAliveMsMin, options.sessionSeconds * 500),
  );

  return () => {
    clearInterval(watch);
    clearInterval(report);
    clearInterval(alive);
  };
}
