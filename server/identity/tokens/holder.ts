import { z } from 'zod';

import type { Actor } from '#server/contracts/identity.ts';

/** What a ticket or a playback token stands for: whatever proved who asked for it, and stops with it. */
export const holder = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['session', 'key', 'token']), id: z.uuid() }),
  z.object({ kind: z.literal('guest'), id: z.uuid(), name: z.string() }),
  z.object({ kind: z.literal('anonymous') }),
]);
export type Holder = z.infer<typeof holder>;

export function holderOf(actor: Actor): Holder {
  switch (actor.type) {
    case 'user':
      return { kind: actor.credential.kind, id: actor.credential.id };
    case 'guest':
      return { kind: 'guest', id: actor.guestId, name: actor.name };
    case 'anonymous':
    case 'system':
      return { kind: 'anonymous' };
  }
}
