/** Why an answer was not taken. */
export type FeedFaultCode =
  | 'UNREACHABLE'
  | 'TIMED_OUT'
  | 'REFUSED'
  | 'BUSY'
  | 'ADDRESS_FORBIDDEN'
  | 'TOO_LARGE'
  | 'DAMAGED'
  | 'CHARSET'
  | 'HTML'
  | 'NOT_JSON'
  | 'NOT_XML'
  | 'SHAPE'
  | 'EMPTY'
  | 'SHRUNKEN';

/** A whole answer that can't be used; its message is for the operator. */
export class FeedFault extends Error {
  readonly code: FeedFaultCode;
  /** Whether asking again soon may help. */
  readonly retry: boolean;
  /** What the server wants to be left alone for. */
  readonly retryAfterMs: number | null;

  constructor(
    code: FeedFaultCode,
    message: string,
    options: { retry?: boolean; retryAfterMs?: number | null; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'FeedFault';
    this.code = code;
    this.retry = options.retry ?? false;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
