import { strictProcedures, type LimitName } from '#server/platform/limits.ts';

import { canonicalPath } from './request-facts.ts';

/** What a request counts as, before anything of it is read. */
export interface Charge {
  limit: LimitName;
  points: number;
}

interface Asked {
  method: string;
  /** Without the query. */
  path: string;
}

/** Where next-auth takes passwords, passkeys and the answers of other providers. */
const nextAuthTries = /^\/api\/auth\/(?:callback|signin)\//;

/** Procedures of a tRPC address: `cameras.list,cameras.states`. */
export function proceduresOf(written: string): string[] {
  const path = canonicalPath(written);
  return path.startsWith('/trpc/') ? path.slice('/trpc/'.length).split(',') : [];
}

/** Of procedures that are called one beside the other, through whatever door. */
export function chargesOfCalls(procedures: readonly string[]): Charge[] {
  return [{ limit: 'api', points: Math.max(1, procedures.length) }, ...strictCharges(procedures)];
}

function strictCharges(procedures: readonly string[]): Charge[] {
  return procedures.flatMap((procedure) => {
    const limit = Object.hasOwn(strictProcedures, procedure) ? strictProcedures[procedure] : undefined;
    return limit ? [{ limit, points: 1 }] : [];
  });
}

/** `restProcedure`: what an address of REST or a form calls. */
export function chargesOf(
  door: 'api' | 'web',
  { method, path: written }: Asked,
  restProcedure: (asked: Asked) => string | null,
): Charge[] {
  const path = canonicalPath(written);
  if (door === 'web') {
    const charges: Charge[] = [{ limit: isAsset(path) ? 'asset' : 'page', points: 1 }];
    if (method === 'POST' && nextAuthTries.test(path)) charges.push({ limit: 'signIn', points: 1 });
    return charges;
  }
  const procedures = proceduresOf(path);
  return chargesOfCalls(procedures.length > 0 ? procedures : [restProcedure({ method, path }) ?? '']);
}

/** Files of the build and of `public/`: they have a name with a point, or Next's prefix. */
export function isAsset(path: string): boolean {
  return path.startsWith('/_next/static/') || /\.[a-z0-9]{2,12}$/i.test(path);
}
