'use client';

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Bell } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import { Popover } from 'radix-ui';
import { useEffect, useState } from 'react';

import type { ActivityItem, ActivityNews } from '#server/contracts/account.ts';

import { cn } from '../../_lib/class-name.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { Hint } from '../../_ui/hint.tsx';

const everyMs = 60_000;

/** What the system and others did that concerns the person; nothing for who is not signed in. */
export function ActivityBell() {
  const t = useTranslations('activity');
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const me = useQuery(trpc.identity.me.queryOptions());
  const isSignedIn = Boolean(me.data);
  const latest = useQuery(
    trpc.activity.list.queryOptions({ limit: 1 }, { enabled: isSignedIn, refetchInterval: everyMs }),
  );
  useEffect(() => {
    if (!isSignedIn) return;
    const left = new AbortController();
    const told = ({ unread, newest }: ActivityNews) => {
      queryClient.setQueryData(trpc.activity.list.queryKey({ limit: 1 }), {
        items: newest ? [newest] : [],
        unread,
        nextCursor: null,
      });
      void queryClient.invalidateQueries(trpc.activity.list.infiniteQueryFilter({ limit: 20 }));
    };
    import('../../_lib/activity-socket.ts')
      .then(({ watchActivity }) => watchActivity(told, left.signal))
      .catch(() => {
        // The bell asks each minute as well.
      });
    return () => left.abort();
  }, [isSignedIn, queryClient, trpc]);
  const markRead = useMutation(
    trpc.activity.markRead.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.activity.list.queryFilter({ limit: 1 })),
    }),
  );
  if (!isSignedIn) return null;
  const unread = latest.data?.unread ?? 0;
  const newest = latest.data?.items[0];
  const open = (next: boolean) => {
    setOpen(next);
    // Seen is what the list showed when it is closed again.
    if (!next && newest && unread > 0) markRead.mutate({ upTo: newest.id });
  };
  const label = unread > 0 ? t('unread', { count: unread }) : t('title');
  return (
    <Popover.Root open={isOpen} onOpenChange={open}>
      <Hint text={label} side="right">
        <Popover.Trigger
          aria-label={label}
          className="relative inline-flex size-9 items-center justify-center rounded-control text-quiet transition-colors hover:bg-hover hover:text-text [&_svg]:size-5"
        >
          <Bell aria-hidden="true" strokeWidth={1.5} />
          {unread > 0 ? (
            <span aria-hidden="true" className="absolute top-1.5 right-1.5 size-2 rounded-pill bg-signal" />
          ) : null}
        </Popover.Trigger>
      </Hint>
      <Popover.Portal>
        <Popover.Content
          side="right"
          align="end"
          sideOffset={8}
          collisionPadding={8}
          aria-label={t('title')}
          className="z-50 flex max-h-[min(70dvh,32rem)] w-[min(24rem,calc(100vw-1rem))] animate-rise flex-col rounded-panel border border-line-strong bg-raised shadow-overlay"
        >
          <h2 className="border-b border-line px-4 py-3 text-14 font-semibold">{t('title')}</h2>
          <ActivityList onLeave={() => open(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function ActivityList({ onLeave }: { onLeave: () => void }) {
  const t = useTranslations('activity');
  const trpc = useTRPC();
  const list = useInfiniteQuery(
    trpc.activity.list.infiniteQueryOptions(
      { limit: 20 },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
  );
  const items = list.data?.pages.flatMap((part) => part.items) ?? [];
  if (list.isPending) return <p className="px-4 py-6 text-13 text-quiet">{t('loading')}</p>;
  if (list.isError)
    return (
      <div className="space-y-3 px-4 py-6 text-13 text-quiet">
        <p>{t('failed')}</p>
        <Button onClick={() => void list.refetch()}>{t('again')}</Button>
      </div>
    );
  if (items.length === 0) return <p className="px-4 py-6 text-13 text-quiet">{t('empty')}</p>;
  return (
    <ul className="min-h-0 flex-1 overflow-y-auto py-1">
      {items.map((item) => (
        <li key={item.id}>
          <ActivityLine item={item} onLeave={onLeave} />
        </li>
      ))}
      {list.hasNextPage ? (
        <li className="px-4 py-2">
          <Button onClick={() => void list.fetchNextPage()} disabled={list.isFetchingNextPage}>
            {t('more')}
          </Button>
        </li>
      ) : null}
    </ul>
  );
}

function ActivityLine({ item, onLeave }: { item: ActivityItem; onLeave: () => void }) {
  const t = useTranslations('activity');
  const locale = useLocale();
  const when = new Date(item.createdAt).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const body = (
    <>
      <span className="flex items-start gap-2">
        <span
          aria-hidden="true"
          className={cn('mt-1.5 size-1.5 shrink-0 rounded-pill', item.readAt === null ? 'bg-signal' : 'bg-transparent')}
        />
        <span className="text-13 text-text">{t(`kinds.${wordOf(item.kind)}`, textsOf(item.data))}</span>
      </span>
      <time dateTime={item.createdAt} className="pl-3.5 font-mono text-12 text-quiet tabular-nums">
        {when}
      </time>
    </>
  );
  const shape = 'flex min-h-11 flex-col gap-0.5 px-4 py-2';
  if (item.href === null) return <div className={shape}>{body}</div>;
  return (
    <Link href={item.href} onClick={onLeave} className={cn(shape, 'transition-colors hover:bg-hover')}>
      {body}
    </Link>
  );
}

/** next-intl takes a dot for a step into the messages. */
type Word<Kind extends string> = Kind extends `${infer Head}.${infer Tail}` ? `${Head}-${Tail}` : Kind;

function wordOf<Kind extends string>(kind: Kind): Word<Kind>;
function wordOf(kind: string): string {
  return kind.replace('.', '-');
}

/** What the words are filled with; a kind names what it needs, and what is missing shows as a dash. */
function textsOf(
  data: Record<string, unknown>,
): Record<'name' | 'device' | 'ip' | 'role' | 'host' | 'source' | 'code' | 'count', string> {
  const text = (key: string) => {
    const value = data[key];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '–';
  };
  return {
    name: text('name'),
    device: text('device'),
    ip: text('ip'),
    role: text('roleId'),
    host: text('host'),
    source: text('source'),
    code: text('code'),
    count: text('count'),
  };
}
