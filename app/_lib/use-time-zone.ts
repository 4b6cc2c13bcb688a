'use client';

import { useQuery } from '@tanstack/react-query';

import { useTRPC } from './trpc.ts';

/** The zone in which somebody reads their own times: the one that they chose, else the browser's. */
export function useTimeZone(): string {
  const trpc = useTRPC();
  const { data: me } = useQuery(trpc.identity.me.queryOptions());
  return me?.timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
