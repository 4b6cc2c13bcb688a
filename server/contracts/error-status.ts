/** Every code an outside client can meet, with the HTTP status it travels under. One line of meaning each. */
export const errorStatus = {
  /** The request's shape or a value in it is wrong; `details` names the fields. */
  BAD_REQUEST: 400,
  /** Nobody is signed in, or the credential is not valid any more. */
  UNAUTHENTICATED: 401,
  /** Somebody is signed in who may not do this. */
  FORBIDDEN: 403,
  /** There is no such thing, or it is not to be seen by this caller. */
  NOT_FOUND: 404,
  /** The request contradicts the present state: a name taken, a stale version, a used link. */
  CONFLICT: 409,
  /** It was there and has been taken away for good. */
  GONE: 410,
  /** The body or upload is larger than the route takes. */
  TOO_LARGE: 413,
  /** More requests than the limit allows; `Retry-After` says when to come back. */
  TOO_MANY_REQUESTS: 429,
  /** A fault of ours; `details.reference` finds it in the log. */
  INTERNAL: 500,
  /** A process or service behind this one answered wrongly. */
  BAD_GATEWAY: 502,
  /** A process or service behind this one is not there at the moment. */
  UNAVAILABLE: 503,
  /** A process or service behind this one did not answer in time. */
  TIMED_OUT: 504,
} as const;

export type ErrorCode = keyof typeof errorStatus;
