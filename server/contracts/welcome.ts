import { z } from 'zod';

/** How far the first run is, for whoever looks. */
export const welcomeState = z.object({
  /** The wizard was finished or left. */
  done: z.boolean(),
  ownerMissing: z.boolean(),
  demoCamerasShown: z.boolean(),
  publicFeeds: z.enum(['unasked', 'wanted', 'refused']),
});
export type WelcomeState = z.infer<typeof welcomeState>;
