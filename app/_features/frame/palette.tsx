'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Activity, Languages, List, LogIn, Moon, Plus, Sun, type LucideIcon } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { Dialog } from 'radix-ui';
import { useId, useState, type KeyboardEvent, type ReactNode } from 'react';

import { cn } from '../../_lib/class-name.ts';
import { localName, localPlace } from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { Keys } from '../../_ui/hint.tsx';
import { StateMark } from '../../_ui/state-mark.tsx';
import { useLanguageSwitch } from './language-switch.tsx';
import { chooseTheme } from './theme-menu.tsx';

type Entry = {
  key: string;
  group: 'cameras' | 'actions';
  icon: ReactNode;
  title: string;
  note: string | null;
  run: () => void;
};

const icon = (Icon: LucideIcon) => <Icon aria-hidden="true" strokeWidth={1.5} className="size-4 text-quiet" />;

function useEntries(query: string, isOpen: boolean): { entries: Entry[]; isFetching: boolean } {
  const t = useTranslations();
  const locale = useLocale();
  const router = useRouter();
  const trpc = useTRPC();
  const switchLanguage = useLanguageSwitch();
  const { data: me } = useQuery(trpc.identity.me.queryOptions());
  const found = useQuery(
    trpc.cameras.list.queryOptions(
      { limit: 8, ...(query ? { query } : {}) },
      { enabled: isOpen, placeholderData: keepPreviousData },
    ),
  );
  // While the answer to these words is under way, the last one's cameras stay only where they fit: Enter must not open another.
  const fits = (camera: { name: string; nameJa: string | null; place: string | null; placeJa: string | null }) =>
    [camera.name, camera.nameJa, camera.place, camera.placeJa].some((text) =>
      text?.toLowerCase().includes(query.toLowerCase()),
    );
  const items = found.data?.items ?? [];
  const cameras = (found.isPlaceholderData ? items.filter(fits) : items).map((camera): Entry => ({
    key: camera.id,
    group: 'cameras',
    icon: <StateMark state={camera.state} />,
    title: localName(camera, locale),
    note: localPlace(camera, locale),
    run: () => router.push(`/cameras/${camera.id}`),
  }));
  const action = (key: string, mark: LucideIcon, title: string, run: () => void): Entry => ({
    key,
    group: 'actions',
    icon: icon(mark),
    title,
    note: null,
    run,
  });
  const actions = [
    me
      ? action('add', Plus, t('frame.addCamera'), () => router.push('/cameras/new'))
      : action('login', LogIn, t('frame.signIn'), () => router.push('/login')),
    action('list', List, t('palette.goCameras'), () => router.push('/')),
    action('status', Activity, t('palette.goStatus'), () => router.push('/status')),
    action('language', Languages, t('palette.switchLanguage'), switchLanguage),
    action('dark', Moon, t('palette.dark'), () => chooseTheme('dark')),
    action('light', Sun, t('palette.light'), () => chooseTheme('light')),
  ].filter((entry) => entry.title.toLowerCase().includes(query.toLowerCase()));
  return { entries: [...cameras, ...actions], isFetching: found.isFetching };
}

function Results({ isOpen, onDone }: { isOpen: boolean; onDone: () => void }) {
  const t = useTranslations('palette');
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const id = useId();
  const { entries, isFetching } = useEntries(query.trim(), isOpen);
  const at = Math.min(chosen, Math.max(0, entries.length - 1));
  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    onDone();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && entries.length > 0) {
      event.preventDefault();
      setChosen((at + step + entries.length) % entries.length);
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      run(entries[at]);
    }
  };
  return (
    <>
      <div className="flex items-center gap-3 border-b border-line px-4">
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={entries[at] ? `${id}-${entries[at].key}` : undefined}
          aria-label={t('title')}
          placeholder={t('placeholder')}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
          className="h-13 grow bg-transparent text-16 outline-none"
        />
        <Keys text="Esc" />
      </div>
      {/* A combobox whose input keeps the focus (ARIA practices): no element of HTML does that. */}
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role */}
      <div id={`${id}-list`} role="listbox" aria-label={t('title')} className="max-h-[50vh] overflow-y-auto p-2">
        {entries.map((entry, index) => (
          <div key={entry.key} role="presentation">
            {entries[index - 1]?.group === entry.group ? null : (
              <p role="presentation" className="px-2 pt-2 pb-1 text-12 text-quiet">
                {t(entry.group)}
              </p>
            )}
            {/* The combobox keeps the focus: keys are handled there. */}
            {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events */}
            <div
              id={`${id}-${entry.key}`}
              // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              onPointerMove={() => setChosen(index)}
              onClick={() => run(entry)}
              className={cn(
                'flex h-10 cursor-pointer items-center gap-3 rounded-control px-2',
                index === at && 'bg-hover',
              )}
            >
              <span className="flex w-4 justify-center">{entry.icon}</span>
              <span className="truncate">{entry.title}</span>
              <span className="ml-auto truncate text-13 text-quiet">{entry.note}</span>
            </div>
          </div>
        ))}
        {entries.length === 0 && !isFetching ? (
          <p className="px-2 py-6 text-center text-quiet">{t('nothing', { query })}</p>
        ) : null}
      </div>
    </>
  );
}

/** The one search: cameras, places and actions. */
export function Palette({ isOpen, onOpenChange }: { isOpen: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations('palette');
  return (
    <Dialog.Root open={isOpen} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-veil" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-50 w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 overflow-hidden rounded-panel border border-line-strong bg-raised shadow-overlay"
        >
          <Dialog.Title className="sr-only">{t('title')}</Dialog.Title>
          <Results isOpen={isOpen} onDone={() => onOpenChange(false)} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
