import type { CallToolResult } from '@modelcontextprotocol/server';

import type { ErrorCode } from '#server/contracts/error-code.ts';
import { toAppError, type Context } from '#server/platform/trpc.ts';

/** A JPEG with the moment that it shows; null where its source has no clock. */
export interface Picture {
  jpeg: Uint8Array;
  capturedAt: string | null;
}

/** The same as text, for models that read nothing else, and as an object; with the picture first. */
export function toolAnswer(said: Record<string, unknown>, picture: Picture | null = null): CallToolResult {
  const image = picture && {
    type: 'image' as const,
    data: Buffer.from(picture.jpeg).toString('base64'),
    mimeType: 'image/jpeg',
  };
  return {
    content: [...(image ? [image] : []), { type: 'text', text: JSON.stringify(said) }],
    structuredContent: said,
  };
}

/** A fault becomes an answer that a model can read and act upon. */
export async function inWords(
  { log, requestId }: Pick<Context, 'log' | 'requestId'>,
  work: () => Promise<CallToolResult>,
): Promise<CallToolResult> {
  try {
    return await work();
  } catch (cause) {
    const error = toAppError(cause);
    if (error.code === 'INTERNAL')
      log.error({ action: 'mcp.failed', requestId, error: error.cause ?? error }, error.message);
    const detail = error.code === 'INTERNAL' ? `reference ${requestId}` : error.message;
    return { isError: true, content: [{ type: 'text', text: `${words[error.code]} (${error.code}: ${detail})` }] };
  }
}

const words = {
  BAD_REQUEST: 'The arguments are not right.',
  UNAUTHENTICATED: 'This needs a key or token of somebody who may do it.',
  FORBIDDEN: 'You may not do this.',
  NOT_FOUND: 'There is no such camera, or you may not see it. Find ids with find_cameras.',
  CONFLICT: 'It contradicts the present state.',
  GONE: 'It is gone for good.',
  TOO_LARGE: 'That is too large.',
  TOO_MANY_REQUESTS: 'Too many requests: wait before you ask again.',
  INTERNAL: 'Something went wrong on our side.',
  BAD_GATEWAY: 'A part of the house answered wrongly; try again later.',
  UNAVAILABLE: 'A part of the house is not there at the moment; try again in a few seconds.',
  TIMED_OUT: 'A part of the house did not answer in time; try again.',
} as const satisfies Record<ErrorCode, string>;
