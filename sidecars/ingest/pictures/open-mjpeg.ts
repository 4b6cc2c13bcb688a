import type { AddressGuard } from '../guard/address-guard.ts';
import { bodyPieces, httpGet, httpUrl } from '../guard/http-get.ts';
import { runSource } from '../libav/live-run.ts';
import { SourceError, type OpenSource, type SourceSink } from '../source.ts';
import { MultipartReader } from './multipart-reader.ts';
import { PictureSource } from './picture-source.ts';

/** Motion JPEG over HTTP: an endless answer of many parts. */
export async function openMjpeg(
  options: { address: string; guard: AddressGuard; signal: AbortSignal },
  sink: SourceSink,
): Promise<OpenSource> {
  const stopping = new AbortController();
  const signal = AbortSignal.any([options.signal, stopping.signal]);
  const answer = await httpGet(httpUrl(options.address), { guard: options.guard, signal });
  const type = String(answer.headers['content-type'] ?? '');
  const boundary = /^multipart\/.*boundary="?([^";\s]+)/i.exec(type)?.[1];
  if (!boundary) {
    answer.body.destroy();
    throw new SourceError('DATA_INVALID', `the server sends ${type || 'something nameless'}, no row of pictures`, {
      retry: false,
    });
  }
  const reader = new MultipartReader(boundary);
  return runSource({
    work: async () => {
      const pictures = new PictureSource(sink, null);
      try {
        for await (const piece of bodyPieces(answer)) {
          for (const jpeg of reader.push(piece)) pictures.push(jpeg, { captureUs: null });
        }
      } catch (cause) {
        if (cause instanceof RangeError) throw new SourceError('DATA_INVALID', cause.message, { retry: true, cause });
        throw cause;
      }
      throw new SourceError('CLOSED', 'the server ended the row of pictures', { retry: true });
    },
    release: () => {
      answer.body.destroy();
      return Promise.resolve();
    },
    stopping,
    signal,
  });
}
