import type { UserActor } from '#server/contracts/identity.ts';
import { AppError } from '#server/platform/app-error.ts';

interface Given {
  password?: string | undefined;
  code?: string | undefined;
}

/** Throws where what is given proves nothing, or nothing is given and the session was not proved of late. */
export type RequireProof = (actor: UserActor, given: Given, from: { ip: string | null }) => Promise<void>;

/** Keys and narrowed tokens act for a person in the house, not over the account itself; neither does who views as them. */
export function assertOwnHands(actor: UserActor): void {
  if (actor.credential.kind !== 'key' && actor.scope === null && actor.viewedBy === null) return;
  throw new AppError('FORBIDDEN', { message: 'only the person themself may', details: { reason: 'ownHands' } });
}
