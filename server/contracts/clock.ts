import { z } from 'zod';

/**
 * Where the wall clock of a chunk comes from, best first (media contract §4):
 * - `capture`: the sender wrote it (PRFT, abs-capture-time)
 * - `sr`: RTCP sender report within 2 s of arrival
 * - `sr-rate`: the sender report gives slope and A/V sync, the absolute time comes from arrival: the camera's clock is wrong
 * - `arrival`: smallest arrival time seen
 * - `synthetic`: made here (a drawn picture, a slate, silence)
 */
export const clockKinds = ['capture', 'sr', 'sr-rate', 'arrival', 'synthetic'] as const;
export const clockKind = z.enum(clockKinds);
export type ClockKind = (typeof clockKinds)[number];
