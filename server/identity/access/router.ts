import { z } from 'zod';

import {
  grantInput,
  houseSettings,
  lockRow,
  permissionCatalogue,
  roleId,
  roleInput,
  roleView,
  userQuery,
  userRow,
} from '#server/contracts/access.ts';
import { sessionView } from '#server/contracts/account.ts';
import { pageInput, pageOf } from '#server/contracts/page.ts';
import { AppError } from '#server/platform/app-error.ts';
import { permitted, router } from '#server/platform/trpc.ts';

import type { AccessService } from './service.ts';

const byId = z.object({ id: z.uuid() });
const done = z.object({ done: z.literal(true) });
const ended = z.object({ sessions: z.int(), tokens: z.int() });

const rest = (
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: `/${string}`,
  words: { summary: string; description: string },
) => {
  const tags = [path.startsWith('/roles') ? 'roles' : path.startsWith('/settings') ? 'settings' : 'users'];
  return { openapi: { method, path, tags, ...words } };
};

export function createUsersRouter({ people, grants, views }: Pick<AccessService, 'people' | 'grants' | 'views'>) {
  return router({
    list: permitted('user:view')
      .meta(
        rest('GET', '/users', {
          summary: 'List people',
          description: 'Newest first; found by words of their name, user name or e-mail address, by role, or locked.',
        }),
      )
      .input(userQuery)
      .output(pageOf(userRow))
      .query(({ ctx, input }) => people.list(ctx.actor, input)),

    get: permitted('user:view')
      .meta(rest('GET', '/users/{id}', { summary: 'Get a person', description: 'With their roles and sign-ins.' }))
      .input(byId)
      .output(userRow)
      .query(({ ctx, input }) => people.get(ctx.actor, input.id)),

    sessions: permitted('user:view')
      .meta(
        rest('GET', '/users/{id}/sessions', {
          summary: 'List the browsers of somebody',
          description: 'Where they are signed in, and since when.',
        }),
      )
      .input(byId)
      .output(z.array(sessionView))
      .query(({ ctx, input }) => people.sessions(ctx.actor, input.id)),

    lock: permitted('user:admin')
      .meta(
        rest('POST', '/users/{id}/lock', {
          summary: 'Lock somebody out',
          description: 'Their sessions and tokens end at once; their keys answer no more as long as it lasts.',
        }),
      )
      .input(byId.extend({ reason: z.string().trim().min(1).max(500) }).strict())
      .output(userRow)
      .mutation(({ ctx, input }) => people.lock(ctx.actor, input)),

    unlock: permitted('user:admin')
      .meta(
        rest('POST', '/users/{id}/unlock', { summary: 'Let somebody in again', description: 'Their keys work again.' }),
      )
      .input(byId.strict())
      .output(userRow)
      .mutation(({ ctx, input }) => people.unlock(ctx.actor, input.id)),

    signOut: permitted('user:admin')
      .meta(
        rest('POST', '/users/{id}/sign-out', {
          summary: 'Sign somebody out everywhere',
          description: 'Ends their sessions and tokens; keys stay.',
        }),
      )
      .input(byId.strict())
      .output(ended)
      .mutation(({ ctx, input }) => people.signOut(ctx.actor, input.id)),

    sendReset: permitted('user:admin')
      .meta(
        rest('POST', '/users/{id}/password-reset', {
          summary: 'Send somebody a link to a new password',
          description: 'To their own address; who asks does not see it.',
        }),
      )
      .input(byId.strict())
      .output(done)
      .mutation(async ({ ctx, input }) => {
        await people.sendReset(ctx.actor, input.id);
        return { done: true as const };
      }),

    /** For a browser: the answer sets a cookie beside the admin's own. `identity.signOut` ends the look. */
    viewAs: permitted('user:admin')
      .input(byId.strict())
      .output(z.object({ name: z.string(), until: z.iso.datetime() }))
      .mutation(async ({ ctx, input }) => {
        if (!ctx.setCookie)
          throw new AppError('FORBIDDEN', { message: 'a look needs a browser', details: { reason: 'session' } });
        const { cookie, ...look } = await views.begin(ctx.actor, input.id, ctx);
        ctx.setCookie(cookie);
        return look;
      }),

    grant: permitted('role:admin')
      .meta(
        rest('POST', '/users/{userId}/roles', {
          summary: 'Give somebody a role',
          description: 'For everything, or for one object. Nobody gives more than they hold.',
        }),
      )
      .input(grantInput)
      .output(userRow)
      .mutation(async ({ ctx, input }) => {
        await grants.give(ctx.actor, input);
        return people.shown(input.userId);
      }),

    take: permitted('role:admin')
      .meta(
        rest('DELETE', '/users/{userId}/roles/{heldId}', {
          summary: 'Take a role from somebody',
          description: 'The last owner stays.',
        }),
      )
      .input(z.strictObject({ userId: z.uuid(), heldId: z.uuid() }))
      .output(userRow)
      .mutation(async ({ ctx, input }) => {
        await grants.take(ctx.actor, input);
        return people.shown(input.userId);
      }),

    /** Accounts and networks whose tries to sign in failed lately. */
    locks: permitted('user:view')
      .meta(
        rest('GET', '/locks', {
          summary: 'List locks of sign-ins',
          description: 'Accounts and networks that tried too often, and how long they wait.',
        }),
      )
      .input(pageInput.extend({ cursor: z.string().max(400).optional() }))
      .output(pageOf(lockRow))
      .query(({ ctx, input }) => people.locks(ctx.actor, input)),

    clearLock: permitted('user:admin')
      .meta(
        rest('POST', '/locks/clear', {
          summary: 'Clear a lock of sign-ins',
          description: 'They may try again at once.',
        }),
      )
      .input(z.strictObject({ key: z.string().min(1).max(400) }))
      .output(done)
      .mutation(async ({ ctx, input }) => {
        await people.clearLock(ctx.actor, input.key);
        return { done: true as const };
      }),
  });
}

export function createRolesRouter({ roles }: Pick<AccessService, 'roles'>) {
  return router({
    list: permitted('role:admin')
      .meta(rest('GET', '/roles', { summary: 'List roles', description: 'With what each holds and how many hold it.' }))
      .output(z.array(roleView))
      .query(({ ctx }) => roles.list(ctx.actor)),

    /** All there is to choose from. */
    catalogue: permitted('role:admin')
      .meta(
        rest('GET', '/roles/permissions', {
          summary: 'List all permissions',
          description: 'What a role can hold, in words.',
        }),
      )
      .output(permissionCatalogue)
      .query(({ ctx }) => roles.catalogue(ctx.actor)),

    create: permitted('role:admin')
      .meta({
        ...rest('POST', '/roles', { summary: 'Make a role', description: 'Nobody puts more into it than they hold.' }),
        rest: { status: 201 },
      })
      .input(roleInput)
      .output(roleView)
      .mutation(({ ctx, input }) => roles.create(ctx.actor, input)),

    update: permitted('role:admin')
      .meta(rest('PATCH', '/roles/{id}', { summary: 'Change a role', description: 'Whoever holds it may so at once.' }))
      .input(roleInput)
      .output(roleView)
      .mutation(({ ctx, input }) => roles.update(ctx.actor, input)),

    remove: permitted('role:admin')
      .meta(
        rest('DELETE', '/roles/{id}', {
          summary: 'Remove a role',
          description: 'CONFLICT with the number of people who hold it, unless `evenIfHeld`.',
        }),
      )
      .input(z.strictObject({ id: roleId, evenIfHeld: z.boolean().default(false) }))
      .output(z.object({ people: z.int() }))
      .mutation(({ ctx, input }) => roles.remove(ctx.actor, input)),
  });
}

export function createSettingsRouter({ settings }: Pick<AccessService, 'settings'>) {
  return router({
    read: permitted('settings:write')
      .meta(rest('GET', '/settings', { summary: 'Settings of the house', description: 'About people and doors.' }))
      .output(houseSettings)
      .query(({ ctx }) => settings.read(ctx.actor)),

    update: permitted('settings:write')
      .meta(rest('PATCH', '/settings', { summary: 'Change settings', description: 'What is left out stays.' }))
      .input(houseSettings.partial().strict())
      .output(houseSettings)
      .mutation(({ ctx, input }) => settings.update(ctx.actor, input)),
  });
}
