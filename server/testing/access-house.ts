import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createAppRouter } from '#server/api/app-router.ts';
import { callContext } from '#server/api/call-context.ts';
import { openHouse, type House } from '#server/api/house.ts';
import { SystemReport } from '#server/api/system-report.ts';
import type { Actor, ObjectReference, UserActor } from '#server/contracts/identity.ts';
import { parseEnv } from '#server/platform/env.ts';
import { toAppError } from '#server/platform/trpc.ts';

import { cloneDatabase } from './database.ts';
import { silentLog } from './factories.ts';
import { callByPath, proceduresOf } from './procedures.ts';

/** What became of a call. */
export interface Outcome {
  /** `done`, or the code of the fault. */
  code: string;
  reason: string | null;
  /** The answer, or what the fault told. */
  answer: unknown;
}

/** For the names of the procedures: nothing connects before the first query, and nothing here makes one. */
export function anUnconnectedHouse() {
  const env = parseEnv({
    DATABASE_URL: 'postgresql://127.0.0.1:1/none',
    ...secrets,
    ALLOWED_SOURCE_CIDRS: '127.0.0.0/8',
  });
  const house = openHouse(env, silentLog);
  return { house, router: createAppRouter(house, new SystemReport(house, env)) };
}

const secrets = {
  SENSORIUM_KEY: '0123456789abcdef',
  INTERNAL_SECRET: '0123456789abcdef',
  NEXTAUTH_SECRET: '0123456789abcdef',
};

/** The whole house on a database of its own, asked through its procedures by whoever a test wants. */
export async function anAccessHouse() {
  const clone = await cloneDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'sensorium-access-'));
  const env = parseEnv({
    DATABASE_URL: clone.url,
    DATA_DIR: dataDir,
    ...secrets,
    ALLOWED_SOURCE_CIDRS: '127.0.0.0/8',
  });
  const house: House = openHouse(env, silentLog);
  const router = createAppRouter(house, new SystemReport(house, env));
  const subscriptions = new Set(
    proceduresOf(router).flatMap(({ path, type }) => (type === 'subscription' ? [path] : [])),
  );
  let calls = 0;

  /** From an address of its own, so that no limit of one reaches the next. */
  async function call(actor: Actor, path: string, input: unknown): Promise<Outcome> {
    calls += 1;
    const context = callContext(house, {
      actor,
      door: subscriptions.has(path) ? 'socket' : 'http',
      requestId: `r${calls}`,
      ip: `10.${Math.floor(calls / 65_536) % 256}.${Math.floor(calls / 256) % 256}.${calls % 256}`,
      userAgent: 'a test',
      log: silentLog,
      setCookie: () => undefined,
    });
    try {
      return { code: 'done', reason: null, answer: await callByPath(router.createCaller(context), path, input) };
    } catch (thrown) {
      const error = toAppError(thrown);
      const reason = error.details?.['reason'];
      return {
        code: error.code,
        reason: typeof reason === 'string' ? reason : null,
        answer: {
          message: error.message,
          details: error.details,
          cause: error.cause instanceof Error ? error.cause.message : '',
        },
      };
    }
  }

  /** A person with a session, who holds these roles. */
  async function aPerson(
    roleIds: readonly string[] = [],
    more: { object?: ObjectReference; name?: string; scope?: UserActor['scope'] } = {},
  ): Promise<UserActor> {
    const id = randomUUID();
    const sessionId = randomUUID();
    const { object } = more;
    await clone.database.user.create({
      data: {
        id,
        email: `${id}@example.org`,
        userName: `u-${id}`,
        name: more.name ?? 'Somebody',
        roles: {
          create: roleIds.map((roleId) =>
            Object.assign({ id: randomUUID(), roleId }, object && { objectType: object.type, objectId: object.id }),
          ),
        },
        sessions: { create: { id: sessionId, expiresAt: new Date(Date.now() + 86_400_000) } },
      },
    });
    const credential = { kind: more.scope ? ('key' as const) : ('session' as const), id: sessionId };
    const actor = await house.identity.personActor(id, { credential, scope: more.scope ?? null });
    if (!actor) throw new Error('they were just made');
    return actor;
  }

  return {
    house,
    router,
    call,
    aPerson,
    database: clone.database,
    async [Symbol.asyncDispose]() {
      await house.platform.close();
      await clone[Symbol.asyncDispose]();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
