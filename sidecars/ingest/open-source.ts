import type { Logger } from 'pino';

import type { IngestAssignment } from '#server/contracts/sidecar.ts';

import type { AddressGuard } from './guard/address-guard.ts';
import { loadLibav } from './libav/load-libav.ts';
import { openRtsp } from './rtsp/open-rtsp.ts';
import { SourceError, type OpenSource, type SourceSink } from './source.ts';
import { TranscodingSink } from './transcode/transcoding-sink.ts';

type Source = IngestAssignment['source'];

export interface OpenSourceOptions {
  sink: SourceSink;
  log: Logger;
  signal: AbortSignal;
  guard: AddressGuard;
  dataDir: string;
  /** Where a source that is asked again and again lies now; where it was opened at, without this. */
  addressNow?: () => string;
}

/**
 * Opens any source by its kind, with what browsers can't play made into H.264 and AAC. Resolves when it is connected; what it says goes into
 * the sink. Throws SourceError.
 */
export async function openSource(source: Source, options: OpenSourceOptions): Promise<OpenSource> {
  const { promise: broken, reject: onFault } = Promise.withResolvers<never>();
  broken.catch(() => {
    // Told by `done` below.
  });
  const transcoding = new TranscodingSink(options.sink, {
    // Drawn pictures are painted over where they are drawn.
    ...(source.masks && source.kind !== 'synthetic' && { masks: source.masks }),
    transcodeVideo: source.options.transcode === true && source.kind !== 'synthetic',
    log: options.log,
    onFault,
  });
  let open: OpenSource;
  try {
    open = await openUntranscoded(source, { ...options, sink: transcoding.sink });
  } catch (error) {
    await transcoding.close();
    throw error;
  }
  const close = async () => {
    await open.close();
    await transcoding.close();
  };
  const run = async () => {
    try {
      await Promise.race([open.done, broken]);
    } finally {
      await close();
    }
  };
  const done = run();
  done.catch(() => {
    // For who never asks for `done`.
  });
  const demandKeyFrame = (from: number | null = null) =>
    open.demandKeyFrame?.(from) === true || transcoding.demandKeyFrame(from);
  return { done, close, demandKeyFrame };
}

/** The source as it is: for who wants to know what it sends. What reads it is loaded with the first of its kind. */
export async function openUntranscoded(source: Source, options: OpenSourceOptions): Promise<OpenSource> {
  const { sink, signal } = options;
  const at = { address: source.address, guard: options.guard, signal };
  switch (source.kind) {
    case 'rtsp':
      return openRtspByTransport(source, options);
    case 'hls': {
      const { openHls } = await load(() => import('./libav/open-hls.ts'), signal);
      return openHls(at, sink);
    }
    case 'mpegts': {
      const { openMpegTs } = await load(() => import('./libav/open-mpegts.ts'), signal);
      return openMpegTs(at, sink);
    }
    case 'srt': {
      const { openSrt } = await load(() => import('./libav/open-srt.ts'), signal);
      return openSrt(at, sink);
    }
    case 'file': {
      const { openFile } = await load(() => import('./libav/open-file.ts'), signal);
      return openFile({ address: source.address, loop: true, signal }, sink);
    }
    case 'snapshot': {
      const { openSnapshot } = await load(() => import('./pictures/open-snapshot.ts'), signal);
      const { addressNow = () => source.address } = options;
      const { intervalSeconds } = source.options;
      return openSnapshot({ addressNow, guard: options.guard, signal, intervalSeconds }, sink);
    }
    case 'mjpeg': {
      const { openMjpeg } = await load(() => import('./pictures/open-mjpeg.ts'), signal);
      return openMjpeg(at, sink);
    }
    case 'synthetic': {
      const { openSynthetic } = await load(() => import('./synthetic/open-synthetic.ts'), signal);
      return openSynthetic({ source, signal }, sink);
    }
  }
}

/** A source that was let go while its reader was loaded is not opened: some readers hear only of what happens afterwards. */
async function load<Module>(importing: () => Promise<Module>, signal: AbortSignal): Promise<Module> {
  const loaded = await loadLibav(importing);
  if (signal.aborted) throw new SourceError('CLOSED', 'closed by us', { retry: false });
  return loaded;
}

/** Our own client over TCP; libav for what it does not understand, and for UDP. */
async function openRtspByTransport(source: Source, options: OpenSourceOptions): Promise<OpenSource> {
  const { guard, signal, log, sink } = options;
  const transport = source.options.transport ?? 'auto';
  const byLibav = async (over: 'tcp' | 'udp') => {
    const { openRtspByLibav } = await load(() => import('./libav/open-rtsp-libav.ts'), signal);
    return openRtspByLibav({ address: source.address, transport: over, guard, signal }, sink);
  };
  if (transport === 'udp') return byLibav('udp');
  try {
    return await openRtsp({ url: source.address, transport: 'tcp', connect: guard.connect, log, signal }, sink);
  } catch (error) {
    if (!(error instanceof SourceError) || error.code !== 'CODEC_UNSUPPORTED' || signal.aborted) throw error;
    log.info({ action: 'rtsp.fallback', reason: error.message }, 'libav reads this one');
    // A server without interleaving is asked for UDP at once; one with a format of its own is tried the same way first.
    if (transport === 'tcp') return byLibav('tcp');
    return byLibav('tcp').catch((again: unknown) => {
      if (signal.aborted) throw again;
      return byLibav('udp');
    });
  }
}
