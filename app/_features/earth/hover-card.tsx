'use client';

import { useQuery } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'next-intl';

import { cameraStates } from '#server/contracts/camera-words.ts';
import type { EarthCluster, EarthPoint } from '#server/contracts/earth.ts';

import type { EarthItem, SurfacePoint } from '../../_lib/earth-surface.ts';
import { localName, localPlace } from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { StateMark } from '../../_ui/state-mark.tsx';
import { StateWord } from '../../_ui/state-word.tsx';
import { CameraMoment } from './camera-moment.tsx';
import { cardPlace, type Room } from './card-place.ts';
import { MomentThumbnail } from './moment-thumbnail.tsx';

const cameraSize = { width: 224, height: 202 };
const clusterSize = { width: 184, height: 132 };
const refreshMs = 2000;

function CameraCard({ point, pastMs }: { point: EarthPoint; pastMs: number | null }) {
  const t = useTranslations('cameras');
  const locale = useLocale();
  const trpc = useTRPC();
  const { data: camera } = useQuery(trpc.cameras.get.queryOptions({ id: point.id }, { staleTime: 60_000, retry: 0 }));
  if (!camera) {
    return (
      <>
        <div className="aspect-video animate-breathe bg-hover" />
        <div className="p-2.5">
          <div className="mb-2 h-4 w-2/3 animate-breathe rounded-pill bg-hover" />
          <StateWord state={point.state} className="text-12" />
        </div>
      </>
    );
  }
  const name = localName(camera, locale);
  return (
    <>
      <MomentThumbnail
        camera={camera}
        pastMs={pastMs}
        alt={t('pictureOf', { name })}
        intervalMs={refreshMs}
        className="rounded-none"
      />
      <div className="p-2.5">
        <p className="truncate text-13 font-medium">{name}</p>
        <p className="truncate pb-1 text-12 text-quiet">{localPlace(camera, locale) ?? ' '}</p>
        <CameraMoment camera={{ ...camera, state: point.state }} pastMs={pastMs} />
      </div>
    </>
  );
}

function ClusterCard({ cluster }: { cluster: EarthCluster }) {
  const t = useTranslations();
  return (
    <div className="p-3">
      <p className="pb-1.5 text-13 font-medium">{t('earth.cluster', { count: cluster.count })}</p>
      <ul className="flex flex-col gap-0.5 text-12">
        {cameraStates
          .filter((state) => (cluster.states[state] ?? 0) > 0)
          .slice(0, 4)
          .map((state) => (
            <li key={state} className="flex items-center gap-2">
              <StateMark state={state} className="size-2.5" />
              {t(`state.${state}`)}
              <span className="figure ml-auto">{(cluster.states[state] ?? 0).toLocaleString('en')}</span>
            </li>
          ))}
      </ul>
    </div>
  );
}

type HoverCardProps = { item: EarthItem; at: SurfacePoint; room: Room; pastMs: number | null };

/** What is under the pointer or the keyboard's focus: beside its point, never over it, and no obstacle to the pointer. */
export function HoverCard({ item, at, room, pastMs }: HoverCardProps) {
  const size = item.type === 'camera' ? cameraSize : clusterSize;
  const { left, top } = cardPlace(at, size, room);
  return (
    <div
      data-testid="hover-card"
      data-hover-card
      aria-live="polite"
      className="glass pointer-events-none absolute top-0 left-0 z-20 overflow-hidden rounded-panel border border-line-strong shadow-overlay"
      style={{ width: size.width, transform: `translate(${Math.round(left)}px, ${Math.round(top)}px)` }}
    >
      {item.type === 'camera' ? (
        <CameraCard key={item.point.id} point={item.point} pastMs={pastMs} />
      ) : (
        <ClusterCard cluster={item.cluster} />
      )}
    </div>
  );
}
