'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useCallback, useRef, useState } from 'react';

import { cn } from '../../_lib/class-name.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { useMay } from '../../_lib/use-may.ts';
import { useMediaStates } from '../../_lib/use-media-states.ts';
import { Button } from '../../_ui/button.tsx';
import { Keys } from '../../_ui/hint.tsx';
import { CameraAside } from './camera-aside.tsx';
import { withheldReasonOf } from './camera-facts.ts';
import { CameraRow, rowColumns } from './camera-row.tsx';
import { CameraTile } from './camera-tile.tsx';
import { listViewAddress, readListView, type ListView } from './list-address.ts';
import { ListFilters } from './list-filters.tsx';
import { ListEmpty, ListFailed, ListLoading } from './list-notes.tsx';
import { useCameraList } from './use-camera-list.ts';
import { useListKeys } from './use-list-keys.ts';
import { useSeenIds } from './use-seen-ids.ts';

const keyTags = {
  j: () => <Keys text="j" />,
  k: () => <Keys text="k" />,
  enter: () => <Keys text="↵" />,
  slash: () => <Keys text="/" />,
};

const figureHeads = ['behind', 'fps', 'bitrate', 'recording'] as const;

function TableHead() {
  const t = useTranslations('cameras');
  return (
    <div
      aria-hidden="true"
      className={cn('hidden gap-x-4 border-b border-line-strong px-2 pb-2 text-12 text-quiet md:grid', rowColumns)}
    >
      <span>{t('camera')}</span>
      <span>{t('state')}</span>
      {figureHeads.map((head) => (
        <span key={head} className={cn('text-right', head === 'recording' && 'hidden lg:block')}>
          {t(head)}
        </span>
      ))}
    </div>
  );
}

/** Every camera that may be seen: what is measured of it, and the way to its picture. */
export function CameraList() {
  const t = useTranslations('cameras');
  const router = useRouter();
  const path = usePathname();
  const view = readListView(useSearchParams());
  const trpc = useTRPC();
  const { me, may } = useMay();
  const mayAdd = may('camera:write');
  const welcome = useQuery(trpc.welcome.state.queryOptions(undefined, { enabled: Boolean(me) }));
  const isDemoShown = welcome.data?.demoCamerasShown ?? true;
  const { list, cameras, total, grownBy } = useCameraList(view);
  const search = useRef<HTMLInputElement>(null);
  const rows = useRef<HTMLUListElement>(null);
  const [chosenId, setChosenId] = useState<string | null>(null);
  const ids = cameras.map((camera) => camera.id);
  const selected = cameras.find((camera) => camera.id === chosenId) ?? cameras[0];
  const seen = useSeenIds(rows, ids);
  const media = useMediaStates(selected && !seen.includes(selected.id) ? [...seen, selected.id] : seen);
  const select = useCallback((id: string) => setChosenId(id), []);
  // The address changes without a navigation: the list is asked from the cache, not from the server's page.
  const show = (next: ListView) => window.history.replaceState(null, '', `${path}${listViewAddress(next)}`);
  const clear = () => show({ ...view, query: '', states: [], kinds: [] });
  useListKeys({
    ids,
    selectedId: selected?.id ?? null,
    search,
    onSelect: select,
    onOpen: (id) => router.push(`/cameras/${id}`),
  });
  const isFiltered = view.query !== '' || view.states.length > 0 || view.kinds.length > 0;
  const isEmpty = list.isSuccess && cameras.length === 0;
  const Item = view.layout === 'grid' ? CameraTile : CameraRow;
  return (
    <div className={cn('xl:h-dvh', !isEmpty && 'xl:grid xl:grid-cols-[minmax(0,1fr)_24rem]')}>
      <section className="mx-auto w-full max-w-6xl px-4 md:px-7 xl:overflow-y-auto">
        <header className="flex min-h-14 items-baseline gap-4 pt-5">
          <h1 className="text-20 font-semibold">{t('title')}</h1>
          <span className="figure text-13 text-quiet">{list.isSuccess ? total.toLocaleString('en') : ''}</span>
          {grownBy === 0 ? null : (
            <button
              type="button"
              onClick={() => void list.refetch()}
              className="rounded-pill border border-signal px-3 py-0.5 text-13 text-signal hover:bg-signal-wash max-md:min-h-11"
            >
              {grownBy > 0 ? t('changed', { count: grownBy }) : t('changedLess')}
            </button>
          )}
          {mayAdd ? (
            <Button asChild tone="signal" className="ml-auto self-center max-md:h-11">
              <Link href="/cameras/new">
                <Plus aria-hidden="true" strokeWidth={2} className="size-4" /> {t('add')}
              </Link>
            </Button>
          ) : null}
        </header>
        <ListFilters view={view} onChange={show} search={search} />
        {list.isPending ? <ListLoading layout={view.layout} /> : null}
        {list.isError && cameras.length === 0 ? (
          <ListFailed error={list.error} onRetry={() => void list.refetch()} />
        ) : null}
        {isEmpty ? (
          <ListEmpty isFiltered={isFiltered} isSignedIn={Boolean(me)} mayAdd={mayAdd} onClear={clear} />
        ) : null}
        {cameras.length > 0 && view.layout === 'table' ? <TableHead /> : null}
        <ul
          ref={rows}
          aria-label={t('title')}
          aria-busy={list.isFetching}
          className={cn(
            list.isPlaceholderData && 'opacity-60',
            view.layout === 'grid' && 'grid grid-cols-1 gap-x-4 gap-y-6 pt-1 sm:grid-cols-2 lg:grid-cols-3',
          )}
        >
          {cameras.map((camera) => (
            <Item
              key={camera.id}
              camera={camera}
              media={media.get(camera.streamId) ?? null}
              isSelected={camera.id === selected?.id}
              withheldReason={withheldReasonOf(camera, isDemoShown)}
              onSelect={select}
            />
          ))}
        </ul>
        {cameras.length > 0 ? (
          <footer className="flex flex-wrap items-center gap-4 py-5 text-12 text-quiet">
            <span className="figure">{t('shown', { shown: cameras.length, total })}</span>
            {list.hasNextPage ? (
              <Button
                size="small"
                className="max-md:h-11"
                disabled={list.isFetchingNextPage}
                onClick={() => void list.fetchNextPage()}
              >
                {t('more')}
              </Button>
            ) : null}
            <span className="ml-auto hidden md:block">{t.rich('keys', keyTags)}</span>
          </footer>
        ) : null}
      </section>
      {isEmpty ? null : (
        <div className="hidden border-l border-line bg-raised xl:block xl:min-h-0">
          {selected ? (
            <CameraAside measured={{ camera: selected, media: media.get(selected.streamId) ?? null }} />
          ) : null}
        </div>
      )}
    </div>
  );
}
