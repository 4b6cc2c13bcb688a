import { z } from 'zod';

import type { Plan } from './processes.ts';

const answer = z.object({ token: z.string().nullable() });

/** The one-time link that makes the owner's account, asked of the gateway's internal door; null once there is an owner. */
export async function askOwnerLink(plan: Plan, address: string): Promise<string | null> {
  const response = await fetch(`http://127.0.0.1:${plan.internalPort}/internal/v1/owner-claim`, {
    method: 'POST',
    headers: { authorization: `Bearer ${plan.secrets.internal}` },
    signal: AbortSignal.timeout(5000),
  });
  if (!response.ok) return null;
  const { token } = answer.parse(await response.json());
  return token ? `${address}/claim?token=${token}` : null;
}
