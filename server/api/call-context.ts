import type { Actor } from '#server/contracts/identity.ts';
import type { Context } from '#server/platform/trpc.ts';

import type { House } from './house.ts';

type Call = Pick<Context, 'door' | 'requestId' | 'ip' | 'userAgent' | 'log' | 'takesMore'> & {
  actor: Actor;
  setCookie?: Context['setCookie'];
};

/** What the procedures know of a call, whichever door it came through. */
export function callContext(
  {
    identity,
    audit,
  }: { identity: Pick<House['identity'], 'isAllowed' | 'isAllowedSomewhere'>; audit: Pick<House['audit'], 'append'> },
  call: Call,
): Context {
  const { actor, ip, userAgent, requestId } = call;
  return {
    ...call,
    setCookie: call.setCookie ?? null,
    may: (permission, of) =>
      of === 'everything' ? identity.isAllowed(actor, permission) : identity.isAllowedSomewhere(actor, permission),
    audit: (note) => audit.append({ actor, ip, userAgent, requestId }, note),
  };
}
