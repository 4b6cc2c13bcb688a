import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';

import type { UserActor } from '#server/contracts/identity.ts';
import { AppError } from '#server/platform/app-error.ts';
import { noteChange } from '#server/platform/change-note.ts';
import { inTransaction, takeTurn, type Database } from '#server/platform/transaction.ts';

import type { ActivityService } from '../activity/service.ts';
import { expectedOrigin, siteOf, type Site } from './site.ts';
import * as store from './store.ts';

const challengeMs = 5 * 60_000;
/** Anybody may ask for one. */
const challengesMax = 10_000;
const pruneEvery = 50;
const passkeysMax = 20;
/** EdDSA, ES256, RS256 (COSE): what every browser's devices speak. */
const supportedAlgorithmIDs = [-8, -7, -257];

const base64url = z.string().regex(/^[\w-]*$/);
const transports = z.array(z.enum(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'])).catch([]);
const credential = z.object({
  id: base64url.min(1).max(1400),
  rawId: base64url.max(1400),
  type: z.literal('public-key'),
  clientExtensionResults: z.record(z.string(), z.unknown()).transform(() => ({})),
});
const registration = credential.extend({
  response: z.object({
    clientDataJSON: base64url.max(8000),
    attestationObject: base64url.max(40_000),
    transports,
  }),
});
const assertion = credential.extend({
  response: z.object({
    clientDataJSON: base64url.max(8000),
    authenticatorData: base64url.max(8000),
    signature: base64url.max(8000),
    userHandle: base64url.max(100).optional(),
  }),
});

export interface PasskeyAnswer {
  challengeId: string;
  /** The browser's, as it came. */
  response: unknown;
}

interface Options {
  database: Database;
  activity: Pick<ActivityService, 'tell'>;
  /** The address that people type; null: this machine's own `localhost`. */
  publicUrl: string | null;
  now?: () => Date;
}

/** Keys in the person's own devices (WebAuthn): discoverable, and only with the device's own check of who is there. */
export class PasskeysService {
  readonly #options: Options & { now: () => Date; site: Site };
  #given = 0;

  constructor(options: Options) {
    this.#options = { ...options, now: options.now ?? (() => new Date()), site: siteOf(options.publicUrl) };
  }

  /** Browsers allow passkeys on localhost and over TLS alone. */
  get usable(): boolean {
    return this.#options.site.usable;
  }

  async registrationOptions(actor: UserActor): Promise<{ challengeId: string; options: object }> {
    const { database, site } = this.#options;
    const held = await store.list(database, actor.userId);
    if (held.length >= passkeysMax)
      throw new AppError('CONFLICT', { message: `a person has ${passkeysMax} passkeys at most` });
    const options = await generateRegistrationOptions({
      rpName: 'Sensorium',
      rpID: site.rpId,
      userName: actor.email,
      userDisplayName: actor.name,
      userID: handleOf(actor.userId),
      timeout: challengeMs,
      supportedAlgorithmIDs,
      excludeCredentials: held.map(({ credentialId, transports: known }) => ({ id: credentialId, transports: known })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    return { challengeId: await this.#give(options.challenge, actor.userId), options };
  }

  async register(actor: UserActor, { challengeId, response, name }: PasskeyAnswer & { name: string }) {
    const { database, site, now, activity } = this.#options;
    const challenge = await this.#take(challengeId, actor.userId);
    const answer = registration.safeParse(response);
    if (!answer.success) throw notPasskey(answer.error);
    const { clientDataJSON } = answer.data.response;
    const { verified, registrationInfo: info } = await verifyRegistrationResponse({
      response: answer.data,
      expectedChallenge: challenge,
      expectedOrigin: expectedOrigin(site, clientDataJSON),
      expectedRPID: site.rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs,
    }).catch((cause: unknown) => {
      throw notPasskey(cause);
    });
    if (!verified) throw notPasskey();
    const row = {
      id: uuidv7(),
      userId: actor.userId,
      credentialId: info.credential.id,
      publicKey: Uint8Array.from(info.credential.publicKey),
      counter: BigInt(info.credential.counter),
      transports: answer.data.response.transports,
      backedUp: info.credentialBackedUp,
      name,
      createdAt: now(),
    };
    await inTransaction(database, async (rows) => {
      await takeTurn(rows, `passkeys of ${actor.userId}`);
      if ((await store.list(rows, actor.userId)).length >= passkeysMax)
        throw new AppError('CONFLICT', { message: `a person has ${passkeysMax} passkeys at most` });
      if (!(await store.insert(rows, row)))
        throw new AppError('CONFLICT', { message: 'this passkey is registered already' });
      const { userId } = actor;
      await activity.tell(rows, { userId, kind: 'passkey.added', data: { name }, href: '/account' });
    });
    noteChange({ object: { type: 'passkey', id: row.id }, after: { name } });
    return toView({ ...row, lastUsedAt: null });
  }

  async list(actor: UserActor) {
    return (await store.list(this.#options.database, actor.userId)).map(toView);
  }

  async rename(actor: UserActor, { id, name }: { id: string; name: string }): Promise<void> {
    if (!(await store.rename(this.#options.database, { id, userId: actor.userId, name }))) throw unknownPasskey();
    noteChange({ object: { type: 'passkey', id }, after: { name } });
  }

  async remove(actor: UserActor, id: string): Promise<void> {
    const { database, activity } = this.#options;
    const { userId } = actor;
    await inTransaction(database, async (rows) => {
      const name = (await store.list(rows, userId)).find((passkey) => passkey.id === id)?.name;
      if (!(await store.remove(rows, { id, userId }))) throw unknownPasskey();
      await activity.tell(rows, { userId, kind: 'passkey.removed', data: { name }, href: '/account' });
    });
    noteChange({ object: { type: 'passkey', id } });
  }

  /** For signing in: whose passkey it will be, the person's device says. */
  async signInOptions(): Promise<{ challengeId: string; options: object }> {
    return this.#askFor(null, []);
  }

  /** For a fresh proof of the person who is signed in. */
  async proofOptions(actor: UserActor): Promise<{ challengeId: string; options: object }> {
    return this.#askFor(actor.userId, await store.list(this.#options.database, actor.userId));
  }

  /** Whose passkey answered; null where it is not right. `userId`: who it was asked of; null: anybody. */
  async whoAnswered({ challengeId, response }: PasskeyAnswer, userId: string | null): Promise<string | null> {
    const { database, site, now } = this.#options;
    const challenge = await this.#take(challengeId, userId);
    const answer = assertion.safeParse(response);
    if (!answer.success) return null;
    const { userHandle, ...given } = answer.data.response;
    const passkey = await store.findByCredential(database, answer.data.id);
    if (!passkey || (userId !== null && passkey.userId !== userId)) return null;
    if (userHandle !== undefined && userHandle !== Buffer.from(handleOf(passkey.userId)).toString('base64url'))
      return null;
    const { authenticationInfo: info } = await verifyAuthenticationResponse({
      response: { ...answer.data, response: given },
      expectedChallenge: challenge,
      expectedOrigin: expectedOrigin(site, given.clientDataJSON),
      expectedRPID: site.rpId,
      requireUserVerification: true,
      credential: {
        id: passkey.credentialId,
        publicKey: Uint8Array.from(passkey.publicKey),
        counter: Number(passkey.counter),
      },
    })
      .then((verdict) => (verdict.verified ? verdict : { authenticationInfo: null }))
      // The library throws for each check that fails, the counter that did not move included.
      .catch(() => ({ authenticationInfo: null }));
    if (!info) return null;
    const used = { counter: info.newCounter, backedUp: info.credentialBackedUp, at: now() };
    return (await store.noteUse(database, passkey, used)) ? passkey.userId : null;
  }

  async #askFor(userId: string | null, held: readonly store.PasskeyRow[]) {
    const options = await generateAuthenticationOptions({
      rpID: this.#options.site.rpId,
      timeout: challengeMs,
      userVerification: 'required',
      allowCredentials: held.map(({ credentialId, transports: known }) => ({ id: credentialId, transports: known })),
    });
    return { challengeId: await this.#give(options.challenge, userId), options };
  }

  async #give(challenge: string, userId: string | null): Promise<string> {
    const { database, now } = this.#options;
    const id = uuidv7();
    const expiresAt = new Date(now().getTime() + challengeMs);
    await store.insertChallenge(database, { id, challenge, userId, expiresAt });
    this.#given += 1;
    if (this.#given % pruneEvery === 1) await store.pruneChallenges(database, { now: now(), keep: challengesMax });
    return id;
  }

  async #take(id: string, userId: string | null): Promise<string> {
    const challenge = await store.takeChallenge(this.#options.database, { id, userId, now: this.#options.now() });
    if (challenge === null)
      throw new AppError('GONE', { message: 'the question for a passkey was used, or its time is over' });
    return challenge;
  }
}

/** What the device keeps to name the person by: no e-mail, no name (WebAuthn §14.6.1). */
function handleOf(userId: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(userId.replaceAll('-', ''), 'hex'));
}

function toView(row: Pick<store.PasskeyRow, 'id' | 'name' | 'createdAt' | 'lastUsedAt' | 'backedUp'>) {
  return {
    id: row.id,
    name: row.name,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    backedUp: row.backedUp,
  };
}

function notPasskey(cause?: unknown): AppError {
  return new AppError('BAD_REQUEST', {
    message: 'the passkey was not accepted',
    details: { reason: 'passkey' },
    cause,
  });
}

function unknownPasskey(): AppError {
  return new AppError('NOT_FOUND', { message: 'no such passkey' });
}
