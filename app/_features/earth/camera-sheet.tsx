'use client';

import { Maximize2, Pin, PinOff, Share2, Star, X } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import type { ReactNode } from 'react';

import type { CameraView } from '#server/contracts/camera.ts';

import { cn } from '../../_lib/class-name.ts';
import { formatCoordinates, localName, localPlace } from '../../_lib/format.ts';
import { keepCameras, keptCameras, withFavourite } from '../../_lib/kept-cameras.ts';
import { useKeptCameras } from '../../_lib/use-kept-cameras.ts';
import { CameraCredit } from '../../_ui/camera-credit.tsx';
import { IconButton } from '../../_ui/icon-button.tsx';
import { Note } from '../../_ui/note.tsx';
import { CameraFacts } from './camera-facts.tsx';
import { NearbyCameras } from './nearby-cameras.tsx';
import { SheetFrame } from './sheet-frame.tsx';
import { windOf } from './sun-facts.ts';

type CameraSheetProps = {
  camera: CameraView;
  /** The player; it stands edge to edge at the top. */
  picture: ReactNode;
  shownMs: number;
  behindMs: number | null;
  isPast: boolean;
  isPinned: boolean;
  onPin: () => void;
  onShare: () => void;
  onOpen: (cameraId: string) => void;
  onClose: () => void;
};

const large = 'size-11 md:size-9';

function SheetBar({
  camera,
  isPinned,
  onPin,
  onShare,
  onClose,
}: Omit<CameraSheetProps, 'picture' | 'shownMs' | 'behindMs' | 'isPast' | 'onOpen'>) {
  const t = useTranslations('earth');
  const isFavourite = useKeptCameras().favourites.includes(camera.id);
  return (
    <div className="flex h-11 items-center gap-0.5 px-2">
      <IconButton label={t('close')} keys="Esc" side="bottom" className={large} onClick={onClose}>
        <X aria-hidden="true" strokeWidth={1.5} />
      </IconButton>
      <span className="grow" />
      <IconButton
        label={isFavourite ? t('unstar') : t('star')}
        aria-pressed={isFavourite}
        side="bottom"
        className={cn(large, isFavourite && 'text-signal hover:text-signal')}
        onClick={() => keepCameras(withFavourite(keptCameras(), camera.id))}
      >
        <Star aria-hidden="true" strokeWidth={1.5} {...(isFavourite ? { fill: 'currentColor' } : {})} />
      </IconButton>
      <IconButton
        label={isPinned ? t('unpin') : t('pin')}
        aria-pressed={isPinned}
        side="bottom"
        className={cn(large, isPinned && 'text-signal hover:text-signal')}
        onClick={onPin}
      >
        {isPinned ? <PinOff aria-hidden="true" strokeWidth={1.5} /> : <Pin aria-hidden="true" strokeWidth={1.5} />}
      </IconButton>
      <IconButton label={t('share')} side="bottom" className={large} onClick={onShare}>
        <Share2 aria-hidden="true" strokeWidth={1.5} />
      </IconButton>
      <Link
        href={`/cameras/${camera.id}`}
        aria-label={t('openPage')}
        title={t('openPage')}
        className={cn(
          'inline-flex items-center justify-center rounded-control text-quiet hover:bg-hover hover:text-text [&_svg]:size-5',
          large,
        )}
      >
        <Maximize2 aria-hidden="true" strokeWidth={1.5} />
      </Link>
    </div>
  );
}

function Credit({ camera }: { camera: CameraView }) {
  const t = useTranslations();
  return (
    <footer className="mt-6 flex flex-col gap-1 border-t border-line py-4 text-12 text-quiet">
      <CameraCredit camera={camera} />
      <p>
        <Link href={`/removals/new?camera=${camera.id}`} className="underline hover:text-text">
          {t('earth.report')}
        </Link>
      </p>
    </footer>
  );
}

/** One camera beside the globe: its picture, where and when it is, what is measured of it, whom to thank, and what is near. */
export function CameraSheet({ camera, picture, shownMs, behindMs, isPast, onOpen, ...acts }: CameraSheetProps) {
  const t = useTranslations();
  const locale = useLocale();
  const name = localName(camera, locale);
  const second = localName(camera, locale === 'ja' ? 'en' : 'ja');
  const bearing =
    camera.bearing === null ? null : `${t(`earth.wind.${windOf(camera.bearing)}`)} ${Math.round(camera.bearing)}°`;
  return (
    <SheetFrame label={name} onClose={acts.onClose} bar={<SheetBar camera={camera} {...acts} />}>
      {picture}
      <div className="px-5 pt-4">
        <h2 className="text-20 font-semibold text-balance">{name}</h2>
        <p className="text-13 text-quiet">
          {[second === name ? null : second, localPlace(camera, locale)].filter(Boolean).join(' · ')}
        </p>
        <p className="figure text-12 text-quiet">
          {[formatCoordinates(camera.latitude, camera.longitude), bearing].filter(Boolean).join(' · ')}
        </p>
        {camera.demo ? <Note className="mt-3" title={t('player.demoNote')} /> : null}
        <CameraFacts camera={camera} shownMs={shownMs} behindMs={behindMs} isPast={isPast} />
        <NearbyCameras camera={camera} pastMs={isPast ? shownMs : null} onOpen={onOpen} />
        <Credit camera={camera} />
      </div>
    </SheetFrame>
  );
}
