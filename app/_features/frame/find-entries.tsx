'use client';

import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import {
  Activity,
  Building2,
  Flag,
  Globe,
  Languages,
  List,
  LogIn,
  MapPin,
  Moon,
  Plus,
  Star,
  Sun,
  type LucideIcon,
} from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';

import type { CameraView } from '#server/contracts/camera.ts';
import type { EarthFind } from '#server/contracts/earth.ts';

import { countryName } from '../../_lib/country-name.ts';
import { formatCoordinates, localName, localPlace } from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { useKeptCameras } from '../../_lib/use-kept-cameras.ts';
import { useMay } from '../../_lib/use-may.ts';
import { StateMark } from '../../_ui/state-mark.tsx';
import { fits } from './find-fits.ts';
import { useLanguageSwitch } from './language-switch.tsx';
import { chooseTheme } from './theme-menu.tsx';
import { useGoTo } from './use-go-to.ts';

export type FindEntry = {
  key: string;
  group: 'favourites' | 'recent' | 'cameras' | 'places' | 'actions';
  icon: ReactNode;
  title: string;
  note: string | null;
  run: () => void;
};

const icon = (Icon: LucideIcon) => <Icon aria-hidden="true" strokeWidth={1.5} className="size-4 text-quiet" />;
const keptMax = 5;

type NamedCamera = Pick<CameraView, 'id' | 'name' | 'nameJa' | 'place' | 'placeJa' | 'state'>;

function useCameraEntry(): (group: FindEntry['group'], camera: NamedCamera) => FindEntry {
  const locale = useLocale();
  const goTo = useGoTo();
  return (group, camera) => ({
    key: `${group}-${camera.id}`,
    group,
    icon: group === 'favourites' ? icon(Star) : <StateMark state={camera.state} />,
    title: localName(camera, locale),
    note: localPlace(camera, locale),
    run: () => goTo.camera(camera.id),
  });
}

/** Starred cameras and those looked at last: what an empty field offers. */
function useKeptEntries(isOpen: boolean): FindEntry[] {
  const trpc = useTRPC();
  const kept = useKeptCameras();
  const entryOf = useCameraEntry();
  const favourites = kept.favourites.slice(0, keptMax);
  const recent = kept.recent.filter((id) => !favourites.includes(id)).slice(0, keptMax);
  const answers = useQueries({
    queries: [...favourites, ...recent].map((id) =>
      trpc.cameras.get.queryOptions({ id }, { enabled: isOpen, retry: 0, staleTime: 30_000 }),
    ),
  });
  // One that was deleted, or is not for this person to see, is left out.
  return answers.flatMap(({ data }) =>
    data ? [entryOf(favourites.includes(data.id) ? 'favourites' : 'recent', data)] : [],
  );
}

function useFoundEntries(query: string, isOpen: boolean): { entries: FindEntry[]; isFetching: boolean } {
  const locale = useLocale();
  const trpc = useTRPC();
  const goTo = useGoTo();
  const cameraEntry = useCameraEntry();
  const found = useQuery(
    trpc.earth.search.queryOptions(
      { query, limit: 12 },
      { enabled: isOpen && query !== '', placeholderData: keepPreviousData, staleTime: 10_000 },
    ),
  );
  const entryOf = (find: EarthFind): FindEntry => {
    if (find.type === 'camera') return cameraEntry('cameras', find.camera);
    const { latitude, longitude } = find;
    const place = (key: string, mark: LucideIcon, title: string, note: string | null): FindEntry => ({
      key,
      group: 'places',
      icon: icon(mark),
      title,
      note,
      run: () =>
        find.type === 'country'
          ? goTo.bounds(find.bounds)
          : goTo.position({ latitude, longitude, zoom: find.type === 'city' ? 6.5 : 7.5 }),
    });
    if (find.type === 'city')
      return place(`city-${find.id}`, Building2, localName(find, locale), countryName(find.country, locale));
    if (find.type === 'country')
      return place(`country-${find.country}`, Flag, countryName(find.country, locale), find.country);
    return place('coordinates', MapPin, formatCoordinates(latitude, longitude), null);
  };
  if (query === '') return { entries: [], isFetching: false };
  const items = found.data?.items ?? [];
  // While the answer to these words is under way, the last one's finds stay only where they fit: Enter must not open another.
  const shown = found.isPlaceholderData ? items.filter((find) => fits(find, query)) : items;
  const entries = shown.map((find) => entryOf(find));
  return {
    entries: [
      ...entries.filter((entry) => entry.group === 'cameras'),
      ...entries.filter((entry) => entry.group === 'places'),
    ],
    isFetching: found.isFetching,
  };
}

function useActionEntries(query: string): FindEntry[] {
  const t = useTranslations();
  const router = useRouter();
  const switchLanguage = useLanguageSwitch();
  const { me, may } = useMay();
  const action = (key: string, mark: LucideIcon, title: string, run: () => void): FindEntry => ({
    key,
    group: 'actions',
    icon: icon(mark),
    title,
    note: null,
    run,
  });
  return [
    ...(me ? [] : [action('login', LogIn, t('frame.signIn'), () => router.push('/login'))]),
    ...(may('camera:write') ? [action('add', Plus, t('frame.addCamera'), () => router.push('/cameras/new'))] : []),
    action('earth', Globe, t('palette.goEarth'), () => router.push('/')),
    action('list', List, t('palette.goCameras'), () => router.push('/cameras')),
    action('status', Activity, t('palette.goStatus'), () => router.push('/status')),
    action('language', Languages, t('palette.switchLanguage'), switchLanguage),
    action('dark', Moon, t('palette.dark'), () => chooseTheme('dark')),
    action('light', Sun, t('palette.light'), () => chooseTheme('light')),
  ].filter((entry) => entry.title.toLowerCase().includes(query.toLowerCase()));
}

/** Everything that a search finds, and what can be done: the same wherever one searches. */
export function useFindEntries(query: string, isOpen: boolean): { entries: FindEntry[]; isFetching: boolean } {
  const kept = useKeptEntries(isOpen && query === '');
  const found = useFoundEntries(query, isOpen);
  const actions = useActionEntries(query);
  return {
    entries: [...(query === '' ? kept : found.entries), ...actions],
    isFetching: found.isFetching,
  };
}
