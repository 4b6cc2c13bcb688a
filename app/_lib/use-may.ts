'use client';

import { useQuery } from '@tanstack/react-query';

import type { Me } from '#server/contracts/identity.ts';
import type { Permission } from '#server/contracts/permissions.ts';

import { holds } from './holds.ts';
import { useTRPC } from './trpc.ts';

/** Who is signed in, and what the pages show them. */
export function useMay(): { me: Me | null; isKnown: boolean; may: (permission: Permission) => boolean } {
  const trpc = useTRPC();
  const { data, isSuccess } = useQuery(trpc.identity.me.queryOptions());
  const me = data ?? null;
  return { me, isKnown: isSuccess, may: (permission) => me !== null && holds(me.permissions, permission) };
}
