import type { APIRequestContext, Browser } from '@playwright/test';
import { z } from 'zod';

import { change } from './kept-mail.ts';

const invitationMade = z.object({ link: z.string() });

/** Somebody with an account, by an invitation: others can't make one here. */
export async function makePerson(
  browser: Browser,
  owner: APIRequestContext,
  person: { name: string; email: string; password: string },
  roleId = 'viewer',
): Promise<void> {
  const made = await change(owner, 'invitations.create', { roleIds: [roleId] });
  const invitation = new URLSearchParams(new URL(invitationMade.parse(made).link).hash.slice(1)).get('token');
  const anonymous = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  await change(anonymous.request, 'account.signUp', { ...person, invitation });
  await anonymous.close();
}
