import { createEarthRouter } from '#server/earth/router.ts';
import { createFeedsRouter } from '#server/feeds/router.ts';
import { createRolesRouter, createSettingsRouter, createUsersRouter } from '#server/identity/access/router.ts';
import { createActivityRouter } from '#server/identity/activity/router.ts';
import { createAuditRouter } from '#server/identity/audit/router.ts';
import { createInvitationsRouter } from '#server/identity/invitations/router.ts';
import { createKeysRouter } from '#server/identity/keys/router.ts';
import { createMailRouter } from '#server/identity/mail/router.ts';
import { createPasskeysRouter } from '#server/identity/passkeys/router.ts';
import { createAccountRouter } from '#server/identity/people/router.ts';
import { createPlaybackRouter } from '#server/identity/playback/router.ts';
import { createIdentityRouter, createSessionsRouter } from '#server/identity/sign-in/router.ts';
import { createAuthRouter } from '#server/identity/tokens/router.ts';
import { router } from '#server/platform/trpc.ts';
import { createRemovalsRouter } from '#server/removals/router.ts';
import { createCamerasRouter } from '#server/sources/router.ts';
import { createWebhooksRouter } from '#server/webhooks/router.ts';

import { createDiscoveryRouter } from './discovery-router.ts';
import type { House } from './house.ts';
import { createLimitsRouter } from './limits-router.ts';
import { watchActivity } from './live-activity.ts';
import { watchCameras } from './live-cameras.ts';
import { assertMayWatch } from './media-access.ts';
import { createObjectsRouter } from './objects-router.ts';
import type { SystemReport } from './system-report.ts';
import { createSystemRouter } from './system-router.ts';
import { createWelcomeRouter } from './welcome-router.ts';

/** Every procedure there is. */
export function createAppRouter(house: House, system: SystemReport) {
  const { sources, streams, earth, feeds, removals } = house;
  const { events } = house.platform;
  return router({
    identity: createIdentityRouter(house),
    sessions: createSessionsRouter(house.signIn),
    passkeys: createPasskeysRouter(house.passkeys, house.signIn),
    account: createAccountRouter(house.people),
    invitations: createInvitationsRouter(house.people.invitations),
    keys: createKeysRouter(house.tokens),
    auth: createAuthRouter(house.tokens, house.people),
    playback: createPlaybackRouter(house.tokens, (actor, streamId) => assertMayWatch(house, actor, streamId)),
    cameras: createCamerasRouter(sources, {
      diagnose: (input) => streams.diagnose(input),
      states: (streamIds) => streams.states(streamIds),
      watch: (of) => watchCameras({ sources, streams, events }, of),
    }),
    users: createUsersRouter(house.access),
    roles: createRolesRouter(house.access),
    settings: createSettingsRouter(house.access),
    audit: createAuditRouter(house.audit),
    activity: createActivityRouter(house.activity, (of) => watchActivity({ activity: house.activity, events }, of)),
    mail: createMailRouter(house.mail),
    webhooks: createWebhooksRouter(house.webhooks),
    earth: createEarthRouter(earth),
    feeds: createFeedsRouter(feeds),
    discovery: createDiscoveryRouter(house),
    removals: createRemovalsRouter(removals),
    welcome: createWelcomeRouter(house),
    limits: createLimitsRouter(house),
    objects: createObjectsRouter(house),
    system: createSystemRouter(system),
  });
}

export type AppRouter = ReturnType<typeof createAppRouter>;
