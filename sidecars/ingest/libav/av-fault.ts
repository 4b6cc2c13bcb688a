import {
  AVERROR_DECODER_NOT_FOUND,
  AVERROR_DEMUXER_NOT_FOUND,
  AVERROR_EACCES,
  AVERROR_EIO,
  AVERROR_ENOENT,
  AVERROR_EOF,
  AVERROR_EXIT,
  AVERROR_HTTP_FORBIDDEN,
  AVERROR_HTTP_NOT_FOUND,
  AVERROR_HTTP_SERVER_ERROR,
  AVERROR_HTTP_TOO_MANY_REQUESTS,
  AVERROR_HTTP_UNAUTHORIZED,
  AVERROR_INVALIDDATA,
  AVERROR_PROTOCOL_NOT_FOUND,
} from 'node-av/constants';
import { FFmpegError } from 'node-av/lib';

import type { SourceFault } from '#server/contracts/doctor.ts';

import { SourceError } from '../source.ts';

/** Linux numbers that libav passes on; node-av has no names for these. */
const [timedOut, refused, unreachableNet, unreachableHost, reset] = [-110, -111, -101, -113, -104];

const faults = new Map<number, { code: SourceFault; retry: boolean }>([
  [AVERROR_HTTP_UNAUTHORIZED, { code: 'AUTH_REFUSED', retry: false }],
  [AVERROR_HTTP_FORBIDDEN, { code: 'AUTH_REFUSED', retry: false }],
  [AVERROR_HTTP_NOT_FOUND, { code: 'NOT_FOUND', retry: true }],
  [AVERROR_HTTP_TOO_MANY_REQUESTS, { code: 'BUSY', retry: true }],
  [AVERROR_HTTP_SERVER_ERROR, { code: 'BUSY', retry: true }],
  [AVERROR_INVALIDDATA, { code: 'DATA_INVALID', retry: true }],
  [AVERROR_DEMUXER_NOT_FOUND, { code: 'CODEC_UNSUPPORTED', retry: false }],
  [AVERROR_DECODER_NOT_FOUND, { code: 'CODEC_UNSUPPORTED', retry: false }],
  [AVERROR_PROTOCOL_NOT_FOUND, { code: 'ADDRESS_FORBIDDEN', retry: false }],
  [AVERROR_ENOENT, { code: 'NOT_FOUND', retry: true }],
  [AVERROR_EACCES, { code: 'FILE_UNREADABLE', retry: false }],
  [AVERROR_EIO, { code: 'UNREACHABLE', retry: true }],
  [AVERROR_EOF, { code: 'CLOSED', retry: true }],
  [AVERROR_EXIT, { code: 'CLOSED', retry: true }],
  [timedOut ?? 0, { code: 'TIMED_OUT', retry: true }],
  [refused ?? 0, { code: 'UNREACHABLE', retry: true }],
  [unreachableNet ?? 0, { code: 'UNREACHABLE', retry: true }],
  [unreachableHost ?? 0, { code: 'UNREACHABLE', retry: true }],
  [reset ?? 0, { code: 'CLOSED', retry: true }],
]);

/** libav's number as our word. `doing` names the step, never the address. */
export function avFault(code: number, doing: string): SourceError {
  const fault = faults.get(code) ?? { code: 'INTERNAL', retry: true };
  return new SourceError(fault.code, `${doing}: ${FFmpegError.strerror(code)} (${code})`, { retry: fault.retry });
}
