import { z } from 'zod';

/** Over IPC, from a child to its supervisor: tell how the processes are. */
export const figuresQuestion = z.object({ type: z.literal('figures?') });

/** The supervisor's answer. */
export const figuresAnswer = z.object({
  type: z.literal('figures'),
  rssBytes: z.number(),
  cpuSeconds: z.number(),
  eventLoopDelayP99Ms: z.number(),
  children: z.array(z.object({ name: z.string(), running: z.boolean(), restarts: z.int() })),
});
export type FiguresAnswer = z.infer<typeof figuresAnswer>;
