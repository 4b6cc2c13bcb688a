'use client';

import { LocateFixed, Shuffle, Sunrise } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { toast } from 'sonner';

import type { EarthFilter } from '#server/contracts/earth.ts';

import type { EarthPosition } from '../../_lib/earth-address.ts';
import { codeOf } from '../../_lib/error-message.ts';
import { useTRPCClient } from '../../_lib/trpc.ts';
import { Hint } from '../../_ui/hint.tsx';
import { Chip } from './chip.tsx';
import { whereAmI } from './where-am-i.ts';

const refusedMs = 12_000;

type TravelButtonsProps = {
  /** Nobody is surprised with what the filter leaves out. */
  filter: EarthFilter;
  /** No camera passes the filter: there is nothing to ask for. */
  isEmpty: boolean;
  /** The camera that is open already. */
  cameraId: string | null;
  /** The moment that is shown: its sun counts. Null is now. */
  pastMs: () => number | null;
  onGo: (position: EarthPosition) => void;
  onOpen: (cameraId: string) => void;
};

/** Ways to go somewhere without knowing where: here, where the sun rises, anywhere. */
export function TravelButtons({ filter, isEmpty, cameraId, pastMs, onGo, onOpen }: TravelButtonsProps) {
  const t = useTranslations();
  const client = useTRPCClient();
  const near = async () => {
    const found = await whereAmI();
    if (found.type === 'place') onGo({ ...found.place, zoom: 6.5 });
    // Two sentences, one of them what to do: longer than a toast stands that only reports.
    else
      toast(t(`earth.position.${found.type}`), {
        description: t(`earth.positionNext.${found.type}`),
        duration: refusedMs,
      });
  };
  const isFiltered = Object.keys(filter).length > 0;
  const none = () => toast(t(isFiltered ? 'earth.nothingFits' : 'earth.noSurprise'));
  const surprise = async (kind: 'random' | 'sunrise') => {
    if (isEmpty) {
      none();
      return;
    }
    try {
      const exclude = cameraId === null ? {} : { exclude: cameraId };
      const ms = pastMs();
      const at = ms === null ? {} : { at: new Date(ms).toISOString() };
      const { id, exact } = await client.earth.surprise.query({ kind, ...exclude, ...at, ...filter });
      onOpen(id);
      if (kind === 'sunrise' && !exact) toast(t('earth.nearestSunrise'));
    } catch (error) {
      const code = codeOf(error);
      if (code === 'NOT_FOUND') none();
      else toast(t(`error.${code}`));
    }
  };
  const ways = [
    { key: 'near', icon: LocateFixed, go: near },
    { key: 'sunrise', icon: Sunrise, go: () => surprise('sunrise') },
    { key: 'surprise', icon: Shuffle, go: () => surprise('random') },
  ] as const;
  return ways.map(({ key, icon: Icon, go }) => (
    <Hint key={key} text={t(`earth.${key}`)} side="bottom">
      <Chip aria-label={t(`earth.${key}`)} onClick={() => void go()} className="w-11 justify-center px-0 md:w-8">
        <Icon aria-hidden="true" strokeWidth={1.5} />
      </Chip>
    </Hint>
  ));
}
