import type { oas31 } from 'zod-openapi';

import type { ErrorCode } from '#server/contracts/error-code.ts';

import type { RestRoute } from './rest.ts';

interface Refusal {
  code: ErrorCode;
  description: string;
  message: string;
  details?: Record<string, unknown>;
  /** When to come back stands in a header. */
  waits?: true;
}

/** What every error of one status is called in the document. */
const refusals = {
  400: {
    code: 'BAD_REQUEST',
    description: 'The request has not the right shape; `details.fields` names what is wrong.',
    message: 'the request does not have the right shape',
    details: { fields: [{ path: 'name', message: 'Too small: expected string to have >=1 characters' }] },
  },
  401: {
    code: 'UNAUTHENTICATED',
    description: 'Nobody is signed in, or the credential is not valid any more.',
    message: 'nobody is signed in',
  },
  403: {
    code: 'FORBIDDEN',
    description: 'The caller may not do this.',
    message: 'the permission is not granted',
  },
  404: {
    code: 'NOT_FOUND',
    description: 'There is no such thing, or this caller may not see it.',
    message: 'there is no such thing',
  },
  409: {
    code: 'CONFLICT',
    description: 'The request contradicts the present state, or its Idempotency-Key is in use.',
    message: 'a request with this Idempotency-Key is being answered',
    details: { reason: 'idempotencyKeyInUse', retryAfterSeconds: 1 },
  },
  410: {
    code: 'GONE',
    description: 'It was there and has been taken away for good.',
    message: 'the time to restore it is over',
  },
  413: {
    code: 'TOO_LARGE',
    description: 'The body is larger than the operation takes.',
    message: 'a body has 1048576 bytes at most',
  },
  429: {
    code: 'TOO_MANY_REQUESTS',
    description: 'More requests than the limit allows; `Retry-After` says when to come back.',
    message: 'more requests than the limit allows',
    details: { retryAfterSeconds: 12 },
    waits: true,
  },
  500: {
    code: 'INTERNAL',
    description: 'A fault of ours; `details.reference` finds it in the log.',
    message: 'something went wrong on our side',
    details: { reference: '0198c2f4-7d1e-7a3b-9c55-0e6f1b2a3c4d' },
  },
  502: {
    code: 'BAD_GATEWAY',
    description: 'A process or service behind this one answered wrongly.',
    message: 'the service behind answered wrongly',
    details: { reference: '0198c2f4-7d1e-7a3b-9c55-0e6f1b2a3c4d' },
  },
  503: {
    code: 'UNAVAILABLE',
    description: 'A process or service behind this one is not there at the moment.',
    message: 'no slicer keeps this stream at the moment',
    details: { retryAfterSeconds: 2, reference: '0198c2f4-7d1e-7a3b-9c55-0e6f1b2a3c4d' },
    waits: true,
  },
  504: {
    code: 'TIMED_OUT',
    description: 'A process or service behind this one did not answer in time.',
    message: 'no answer in time',
    details: { reference: '0198c2f4-7d1e-7a3b-9c55-0e6f1b2a3c4d' },
  },
} as const satisfies Record<number, Refusal>;

type Status = keyof typeof refusals;

const isStatus = (status: number): status is Status => Object.hasOwn(refusals, status);
const always: readonly Status[] = [400, 403, 429, 500, 503];

/** `components.responses`, by the name of the code. */
export function errorResponses(): Record<string, oas31.ResponseObject> {
  const all: Refusal[] = Object.values(refusals);
  return Object.fromEntries(
    all.map(({ code, description, message, details = {}, waits }) => [
      code,
      {
        description,
        headers: {
          'X-Request-Id': { $ref: '#/components/headers/RequestId' },
          ...(waits && { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } }),
        },
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/ErrorBody' },
            example: { error: { code, message, details, timestamp: '2026-11-20T08:15:30.123Z' } },
          },
        },
      } satisfies oas31.ResponseObject,
    ]),
  );
}

/** The errors an operation can answer with. */
export function errorsOf(route: RestRoute): Record<string, oas31.ReferenceObject> {
  const statuses = new Set<Status>([...always, ...route.errors.filter(isStatus)]);
  if (route.access !== 'public') statuses.add(401);
  if (route.path.includes('{') || route.output?.safeParse(null).success) statuses.add(404);
  if (route.method !== 'GET' && route.method !== 'DELETE') statuses.add(413);
  if (route.method !== 'GET') statuses.add(409);
  return Object.fromEntries(
    [...statuses]
      .toSorted((one, other) => one - other)
      .map((status) => [String(status), { $ref: `#/components/responses/${refusals[status].code}` }]),
  );
}
