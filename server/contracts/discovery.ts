import { z } from 'zod';

import { sourceFault } from './doctor.ts';

/** A device of the local network that answered the call (WS-Discovery), by what it says of itself. */
export const discoveredDevice = z.object({
  /** Where the answer came from. */
  address: z.string().max(64),
  name: z.string().max(120),
  hardware: z.string().max(120),
  /** Addresses of its device service; only those that the operator allows. */
  xaddrs: z.array(z.url({ protocol: /^https?$/ }).max(500)).max(8),
});
export type DiscoveredDevice = z.infer<typeof discoveredDevice>;

/** Whom to ask for its streams. User and password go to this device alone. */
export const onvifQuestion = z.strictObject({
  xaddr: z.url({ protocol: /^https?$/ }).max(500),
  user: z.string().max(200),
  password: z.string().max(200),
});
export type OnvifQuestion = z.infer<typeof onvifQuestion>;

/** A profile of a device. `address` has no user and no password. */
export const onvifStream = z.object({
  profile: z.string().max(120),
  address: z.string().max(2048),
  codec: z.string().max(40).nullable(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  fps: z.number().nullable(),
});
export type OnvifStream = z.infer<typeof onvifStream>;

export const discoveryQuestion = z.discriminatedUnion('ask', [
  /** Who is there: listens for 5 s. */
  z.object({ ask: z.literal('devices') }),
  z.object({ ask: z.literal('streams'), of: onvifQuestion }),
]);
export type DiscoveryQuestion = z.infer<typeof discoveryQuestion>;

export const devicesMax = 64;
export const onvifStreamsMax = 16;

export const discoveryAnswer = z.discriminatedUnion('found', [
  z.object({ found: z.literal('devices'), devices: z.array(discoveredDevice).max(devicesMax) }),
  z.object({ found: z.literal('streams'), streams: z.array(onvifStream).max(onvifStreamsMax) }),
  z.object({ found: z.literal('fault'), fault: sourceFault, message: z.string().max(500) }),
]);
export type DiscoveryAnswer = z.infer<typeof discoveryAnswer>;
