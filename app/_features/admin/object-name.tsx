'use client';

import { useQuery } from '@tanstack/react-query';
import { useLocale } from 'next-intl';

import type { ObjectReference } from '#server/contracts/identity.ts';

import { localName } from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.ts';

/** The name of one object that a role is held for; its type and id where there is no name to be had. */
export function ObjectName({ object }: { object: ObjectReference }) {
  const trpc = useTRPC();
  const locale = useLocale();
  const { data } = useQuery(
    trpc.cameras.get.queryOptions(
      { id: object.id },
      { enabled: object.type === 'camera', staleTime: 60_000, retry: false },
    ),
  );
  return data ? localName(data, locale) : `${object.type} ${object.id}`;
}
