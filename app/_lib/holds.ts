import type { Permission } from '#server/contracts/permissions.ts';

/** Whether patterns (`camera:*`, `*`) hold a permission: what pages show and hide by. The server decides anew at each call. */
export function holds(patterns: readonly string[], permission: Permission): boolean {
  const wholeNoun = `${permission.slice(0, permission.indexOf(':'))}:*`;
  return patterns.some((pattern) => pattern === '*' || pattern === permission || pattern === wholeNoun);
}
