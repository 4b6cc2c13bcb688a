import { SourceError, type OpenSource, type SourceSink } from '../source.ts';
import { AccessUnits } from './access-units.ts';
import type { ByteFeed } from './byte-feed.ts';
import type { Demuxer } from './demuxer.ts';

/** Reads a live input to its end, which for a live input is a fault. */
export async function readLive(
  options: { demuxer: Demuxer; clock: 'capture' | 'sr' | null; feed: ByteFeed | null },
  sink: SourceSink,
): Promise<void> {
  const units = new AccessUnits(sink, options.clock);
  units.begin(options.demuxer.tracks);
  for (let packet = await options.demuxer.read(); packet; packet = await options.demuxer.read()) units.push(packet);
  throw options.feed?.error ?? new SourceError('CLOSED', 'the source closed the connection', { retry: true });
}

/** Runs `work` until it ends or is closed; whatever happened, `release` comes after it. */
export function runSource(options: {
  work: () => Promise<void>;
  release: () => Promise<void>;
  stopping: AbortController;
  signal: AbortSignal;
}): OpenSource {
  const run = async () => {
    try {
      await options.work();
    } catch (cause) {
      if (options.signal.aborted) return;
      throw cause instanceof SourceError
        ? cause
        : new SourceError('INTERNAL', 'reading stopped', { retry: true, cause });
    } finally {
      await options.release();
    }
  };
  const done = run();
  // Who never asks for `done` must not bring the process down.
  done.catch(() => {});
  return {
    done,
    close: async () => {
      options.stopping.abort();
      await done.catch(() => {
        // Told by `done` itself.
      });
    },
  };
}
