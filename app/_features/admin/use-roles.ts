'use client';

import { useQuery } from '@tanstack/react-query';
import { useLocale } from 'next-intl';

import { localName } from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { useMay } from '../../_lib/use-may.ts';

/** Roles there are, for who may give them; and their names, or their ids for who may not list them. */
export function useRoles() {
  const trpc = useTRPC();
  const locale = useLocale();
  const { may } = useMay();
  const { data: roles = [] } = useQuery(
    trpc.roles.list.queryOptions(undefined, { enabled: may('role:admin'), staleTime: 60_000 }),
  );
  const nameOf = (id: string) => {
    const role = roles.find((one) => one.id === id);
    return role ? localName(role, locale) : id;
  };
  return { roles, nameOf };
}
