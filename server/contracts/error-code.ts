import { z } from 'zod';

export { errorStatus, type ErrorCode } from './error-status.ts';

/** The body of every error, whatever the door (REST, media, WebSocket error frames). */
export const errorBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    details: z.record(z.string(), z.unknown()),
    /** ISO 8601 UTC with milliseconds. */
    timestamp: z.iso.datetime(),
  }),
});
export type ErrorBody = z.infer<typeof errorBody>;
