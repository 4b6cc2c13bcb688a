import { z } from 'zod';

import type { Sealer } from '#server/platform/sealed.ts';

const belongsTo = 'cookie known browser';
/** Of people who share one browser. */
const peopleMax = 8;
const people = z.array(z.uuid());

/** Who signed in on this browser before, from the cookie that it keeps; nobody when it is not of our making. */
function readKnown(sealer: Sealer, cookie: string | undefined): string[] {
  if (!cookie) return [];
  try {
    return people.parse(JSON.parse(sealer.open(Buffer.from(cookie, 'base64url'), belongsTo)));
  } catch {
    // Damaged, or from another instance: then the browser is a new one.
    return [];
  }
}

export function isKnownBrowser(sealer: Sealer, cookie: string | undefined, userId: string): boolean {
  return readKnown(sealer, cookie).includes(userId);
}

/** The cookie for a browser on which `userId` has signed in as well. */
export function withKnownPerson(sealer: Sealer, cookie: string | undefined, userId: string): string {
  const others = readKnown(sealer, cookie).filter((id) => id !== userId);
  const known = JSON.stringify([userId, ...others].slice(0, peopleMax));
  return Buffer.from(sealer.seal(known, belongsTo)).toString('base64url');
}
