import type { ObjectName } from '#server/contracts/access.ts';
import type { Actor, ObjectReference } from '#server/contracts/identity.ts';
import type { Events } from '#server/platform/events.ts';
import type { Database } from '#server/platform/transaction.ts';

import type { ActivityService } from '../activity/service.ts';
import type { IdentityService } from '../service.ts';
import { Grants, type ObjectTypes } from './grants.ts';
import { HouseSettingsRoom } from './house-settings.ts';
import { clientNames, namesOf } from './object-names.ts';
import { People } from './people.ts';
import { Roles } from './roles.ts';
import { Views } from './views.ts';

export interface AccessOptions {
  database: Database;
  events: Events;
  identity: Pick<IdentityService, 'actorOf'>;
  activity: Pick<ActivityService, 'tell'>;
  /** What a role can be given for, and how to find whether it is there. */
  objectTypes: ObjectTypes;
  /** Sends the link to a new password to whoever has this address. */
  sendReset: (email: string) => Promise<void>;
  now?: () => Date;
}

/** What admins do: people, roles and who holds them, looks as somebody else, the house's settings. */
export class AccessService {
  readonly roles: Roles;
  readonly grants: Grants;
  readonly people: People;
  readonly views: Views;
  readonly settings: HouseSettingsRoom;

  readonly #database: Database;

  constructor(options: AccessOptions) {
    this.#database = options.database;
    const all = { ...options, now: options.now ?? (() => new Date()) };
    this.roles = new Roles({ ...all, objectTypes: Object.keys(options.objectTypes) });
    this.grants = new Grants(all);
    this.people = new People(all);
    this.views = new Views(all);
    this.settings = new HouseSettingsRoom(all);
  }

  /** What people, keys and roles are called that the audit log names. */
  names(actor: Actor, objects: readonly ObjectReference[]): Promise<ObjectName[]> {
    return namesOf(this.#database, actor, objects);
  }

  /** What people and keys are called that limits count. */
  clientNames(clients: readonly string[]): Promise<Map<string, string>> {
    return clientNames(this.#database, clients);
  }
}
