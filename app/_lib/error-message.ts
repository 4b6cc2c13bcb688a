import { TRPCClientError } from '@trpc/client';

import { errorStatus, type ErrorCode } from '#server/contracts/error-status.ts';

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorStatus, code);
/** What tRPC itself answers before our own code can (a body it can't read, a route it has not). */
const transportCodes: Readonly<Record<string, ErrorCode>> = {
  UNAUTHORIZED: 'UNAUTHENTICATED',
  FORBIDDEN: 'FORBIDDEN',
  NOT_FOUND: 'NOT_FOUND',
  BAD_REQUEST: 'BAD_REQUEST',
  TOO_MANY_REQUESTS: 'TOO_MANY_REQUESTS',
};

/** The text that stands under a name. By hand: this stands in every page, and a schema would bring its library along. */
function textAt(value: unknown, name: string): string | null {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : null;
  return typeof found === 'string' ? found : null;
}

/** The code a person's words are chosen from; `NETWORK` where no answer came at all. */
export function codeOf(error: unknown): ErrorCode | 'NETWORK' {
  if (!(error instanceof TRPCClientError)) return 'INTERNAL';
  const data: unknown = error.data;
  const ours = typeof data === 'object' && data !== null ? textAt(Reflect.get(data, 'error'), 'code') : null;
  if (ours !== null && isErrorCode(ours)) return ours;
  const transport = textAt(data, 'code');
  if (transport !== null) return transportCodes[transport] ?? 'INTERNAL';
  return 'NETWORK';
}
