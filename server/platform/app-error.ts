import { errorStatus, type ErrorBody, type ErrorCode } from '#server/contracts/error-code.ts';

interface AppErrorOptions {
  /** For the log and for programmers; names the thing. The person's words are chosen from the code. */
  message: string;
  details?: Record<string, unknown>;
  cause?: unknown;
}

/** Every failure that a caller can be told about. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;

  constructor(code: ErrorCode, options: AppErrorOptions) {
    super(options.message, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.details = options.details ?? {};
  }

  get status(): number {
    return errorStatus[this.code];
  }
}

/** By its name where the class is another one: Next loads a module once for pages and once for routes, and each has its own. */
export function isAppError(error: unknown): error is AppError {
  return (
    error instanceof AppError ||
    (error instanceof Error && error.name === 'AppError' && 'code' in error && 'details' in error)
  );
}

/** What an outside client reads: a fault of ours shows only the reference that finds it in the log. */
export function toErrorBody(error: AppError, options: { reference: string; now?: Date }): ErrorBody {
  const ours = error.code === 'INTERNAL';
  return {
    error: {
      code: error.code,
      message: ours ? 'something went wrong on our side' : error.message,
      details: error.status >= 500 ? { ...(ours ? {} : error.details), reference: options.reference } : error.details,
      timestamp: (options.now ?? new Date()).toISOString(),
    },
  };
}
