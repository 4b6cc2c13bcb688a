'use client';

import { LocateFixed, Shuffle, Sunrise } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { toast } from 'sonner';

import type { EarthPosition } from '../../_lib/earth-address.ts';
import { codeOf } from '../../_lib/error-message.ts';
import { useTRPCClient } from '../../_lib/trpc.ts';
import { Hint } from '../../_ui/hint.tsx';
import { Chip } from './chip.tsx';
import { whereAmI } from './where-am-i.ts';

const refusedMs = 12_000;

type TravelButtonsProps = { onGo: (position: EarthPosition) => void; onOpen: (cameraId: string) => void };

/** Ways to go somewhere without knowing where: here, where the sun rises, anywhere. */
export function TravelButtons({ onGo, onOpen }: TravelButtonsProps) {
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
  const surprise = async (kind: 'random' | 'sunrise') => {
    try {
      const { id } = await client.earth.surprise.query({ kind });
      onOpen(id);
    } catch (error) {
      const code = codeOf(error);
      toast(code === 'NOT_FOUND' ? t(`earth.noSurprise.${kind}`) : t(`error.${code}`));
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
