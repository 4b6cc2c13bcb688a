import type { NodeHealth } from '#server/contracts/sidecar.ts';

/** What a node in good order says of itself. */
export const aNodeHealth: NodeHealth = {
  ready: true,
  stuck: null,
  uptimeSeconds: 1,
  rssBytes: 1,
  cpuSeconds: 1,
  eventLoopDelayP99Ms: 1,
  counters: {},
};
