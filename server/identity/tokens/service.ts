import type { Actor } from '#server/contracts/identity.ts';
import type { Events } from '#server/platform/events.ts';
import type { Logger } from '#server/platform/log.ts';
import type { Sealer } from '#server/platform/sealed.ts';
import type { Database } from '#server/platform/transaction.ts';

import type { ActivityService } from '../activity/service.ts';
import type { AuditService } from '../audit/service.ts';
import type { IdentityService } from '../service.ts';
import { AccessTokens } from './access-token.ts';
import { ApiKeys } from './api-keys.ts';
import type { Holder } from './holder.ts';
import { Machines, type CheckPassword } from './machines.ts';
import { PlaybackTokens } from './playback-tokens.ts';
import { SigningKeys } from './signing-keys.ts';
import { WsTickets } from './ws-tickets.ts';

export { holderOf, type Holder } from './holder.ts';

interface TokensOptions {
  database: Database;
  events: Events;
  sealer: Sealer;
  identity: IdentityService;
  audit: Pick<AuditService, 'append'>;
  activity: Pick<ActivityService, 'tell'>;
  checkPassword: CheckPassword;
  log: Logger;
  /** Signs playback tokens; the slicers know it too. */
  secret: string;
  /** The address of this house: who signed an access token. */
  issuer: string;
  accessTokenSeconds: number;
  now?: () => Date;
}

/** Credentials of machines and players: keys, access and refresh tokens, tickets, playback tokens. */
export class TokensService {
  readonly keys: ApiKeys;
  readonly machines: Machines;
  readonly signingKeys: SigningKeys;
  readonly playback: PlaybackTokens;
  readonly #tickets: WsTickets;
  readonly #identity: IdentityService;

  constructor(options: TokensOptions) {
    const now = options.now ?? (() => new Date());
    const log = options.log.child({ component: 'tokens' });
    const { database, secret, issuer, accessTokenSeconds: seconds } = options;
    this.#identity = options.identity;
    this.keys = new ApiKeys({ ...options, now });
    this.signingKeys = new SigningKeys({ ...options, log, now });
    const access = new AccessTokens({ keys: this.signingKeys, issuer, seconds, now });
    this.machines = new Machines({ ...options, access, log, now });
    this.playback = new PlaybackTokens({ secret, now });
    this.#tickets = new WsTickets({ database, now });
  }

  /** Who an `Authorization: Bearer` or an `X-API-Key` is; null where it is nobody any more, or never was. */
  actorOfToken(token: string, ip: string | null): Promise<Actor | null> {
    return token.startsWith('sns_') ? this.keys.actorOf(token, ip) : this.machines.actorOfAccessToken(token);
  }

  /** Whether what once proved somebody still does: who they are at this moment, or null. Asked of the database every 5 s at most. */
  async actorOfHolder(of: Holder): Promise<Actor | null> {
    switch (of.kind) {
      case 'session': {
        const actor = await this.#identity.actorOf(of.id);
        return actor.type === 'user' ? actor : null;
      }
      case 'key':
        return this.keys.actorOfId(of.id);
      case 'token':
        return this.machines.actorOf(of.id);
      case 'guest':
        return { type: 'guest', guestId: of.id, name: of.name };
      case 'anonymous':
        return { type: 'anonymous' };
    }
  }

  issueWsTicket(actor: Actor) {
    return this.#tickets.issue(actor);
  }

  /** Who a `?ticket=` lets in; null when it was used, is over, or whoever asked for it may not any more. */
  async redeemWsTicket(ticket: string): Promise<Actor | null> {
    const of = await this.#tickets.redeem(ticket);
    return of && this.actorOfHolder(of);
  }

  /** By whoever holds the token itself. */
  async revokeGiven(token: string): Promise<void> {
    if (token.startsWith('sns_')) await this.keys.revokeGiven(token);
    else await this.machines.revokeGiven(token);
  }
}
