import { Secret, TOTP } from 'otpauth';

import type { UserActor } from '#server/contracts/identity.ts';
import { AppError } from '#server/platform/app-error.ts';
import { noteChange } from '#server/platform/change-note.ts';
import type { Sealer } from '#server/platform/sealed.ts';
import { inTransaction, type Database, type Rows } from '#server/platform/transaction.ts';

import type { ActivityService } from '../activity/service.ts';
import { hashRecoveryCode, makeRecoveryCode, readRecoveryCode, recoveryCodeCount } from './recovery-codes.ts';
import * as store from './store.ts';

/** What authenticator apps understand, all of them (RFC 6238, defaults of the key URI format). */
const shape = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** A code of the step before or after is taken: clocks differ. */
const stepsAround = 1;
const confirmWithinMs = 30 * 60_000;

interface Options {
  database: Database;
  sealer: Sealer;
  activity: Pick<ActivityService, 'tell'>;
  now?: () => Date;
}

/** Time-based one-time passwords besides the password, and the codes for when the app is lost. */
export class SecondFactorService {
  readonly #options: Options & { now: () => Date };

  constructor(options: Options) {
    this.#options = { ...options, now: options.now ?? (() => new Date()) };
  }

  async state(userId: string): Promise<{ on: boolean; recoveryCodesLeft: number }> {
    const { database } = this.#options;
    const [factor, recoveryCodesLeft] = await Promise.all([
      store.find(database, userId),
      store.countCodesLeft(database, userId),
    ]);
    return { on: Boolean(factor?.confirmedAt), recoveryCodesLeft };
  }

  /** A new secret for the person's app; in force once a code of it was given. */
  async setup(actor: UserActor): Promise<{ secret: string; uri: string }> {
    const { database, sealer, now } = this.#options;
    const secret = new Secret({ size: 20 });
    const sealedSecret = sealer.seal(secret.base32, belonging(actor.userId));
    const isBegun = await inTransaction(database, (rows) =>
      store.begin(rows, { userId: actor.userId, sealedSecret, createdAt: now() }),
    );
    if (!isBegun) throw new AppError('CONFLICT', { message: 'a second factor is on already' });
    const uri = new TOTP({ ...shape, secret, issuer: 'Sensorium', label: actor.email }).toString();
    return { secret: secret.base32, uri };
  }

  /** Puts it in force, and gives the recovery codes: the only time that anybody sees them. */
  async confirm(actor: UserActor, code: string): Promise<string[]> {
    const { database, now } = this.#options;
    const factor = await store.find(database, actor.userId);
    const isOpen = factor && now().getTime() - factor.createdAt.getTime() < confirmWithinMs;
    if (!isOpen || factor.confirmedAt)
      throw new AppError('CONFLICT', { message: 'no second factor waits to be confirmed' });
    const step = this.#stepOf(actor.userId, factor.sealedSecret, code);
    if (step === null)
      throw new AppError('BAD_REQUEST', {
        message: 'the code does not fit',
        details: { reason: 'wrongCode', fields: [{ path: 'code', message: 'does not fit' }] },
      });
    noteChange({ object: { type: 'user', id: actor.userId } });
    return inTransaction(database, async (rows) => {
      if (!(await store.confirm(rows, actor.userId, { at: now(), step })))
        throw new AppError('CONFLICT', { message: 'no second factor waits to be confirmed' });
      await this.#options.activity.tell(rows, { userId: actor.userId, kind: 'secondFactor.on', href: '/account' });
      return this.#newCodes(rows, actor.userId);
    });
  }

  /** Ten new ones; earlier ones stop working. */
  async renewCodes(actor: UserActor): Promise<string[]> {
    const factor = await store.find(this.#options.database, actor.userId);
    if (!factor?.confirmedAt) throw new AppError('CONFLICT', { message: 'no second factor is on' });
    noteChange({ object: { type: 'user', id: actor.userId } });
    return inTransaction(this.#options.database, (rows) => this.#newCodes(rows, actor.userId));
  }

  async turnOff(actor: UserActor): Promise<void> {
    noteChange({ object: { type: 'user', id: actor.userId } });
    await inTransaction(this.#options.database, async (rows) => {
      if (!(await store.remove(rows, actor.userId))) return;
      await this.#options.activity.tell(rows, { userId: actor.userId, kind: 'secondFactor.off', href: '/account' });
    });
  }

  /** What `code` is of the person, and uses it up: each works once. Null: nothing. */
  async accept(userId: string, code: string): Promise<'totp' | 'recovery' | null> {
    const { database, now } = this.#options;
    const recovery = readRecoveryCode(code);
    if (recovery !== null) {
      const codeHash = hashRecoveryCode(userId, recovery);
      return (await store.useCode(database, { userId, codeHash }, now())) ? 'recovery' : null;
    }
    const factor = await store.find(database, userId);
    if (!factor?.confirmedAt) return null;
    const step = this.#stepOf(userId, factor.sealedSecret, code);
    return step !== null && (await store.useStep(database, userId, step)) ? 'totp' : null;
  }

  async #newCodes(rows: Rows, userId: string): Promise<string[]> {
    const codes = Array.from({ length: recoveryCodeCount }, makeRecoveryCode);
    await store.replaceCodes(
      rows,
      userId,
      codes.map((code) => hashRecoveryCode(userId, code)),
    );
    return codes;
  }

  /** The time step that `code` is of. */
  #stepOf(userId: string, sealedSecret: Uint8Array, code: string): number | null {
    const secret = Secret.fromBase32(this.#options.sealer.open(sealedSecret, belonging(userId)));
    const timestamp = this.#options.now().getTime();
    const token = code.replaceAll(/\s/g, '');
    const delta = TOTP.validate({ ...shape, secret, token, timestamp, window: stepsAround });
    return delta === null ? null : TOTP.counter({ period: shape.period, timestamp }) + delta;
  }
}

function belonging(userId: string): string {
  return `second factor ${userId}`;
}
