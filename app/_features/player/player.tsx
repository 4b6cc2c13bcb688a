'use client';

import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { useCallback, useState } from 'react';
import { toast } from 'sonner';

import { cn } from '../../_lib/class-name.ts';
import { copyAddress } from '../../_lib/copy-address.ts';
import { CameraCredit } from '../../_ui/camera-credit.tsx';
import { AboutCamera } from './about-camera.tsx';
import { Controls } from './controls.tsx';
import { KeysHelp } from './keys-help.tsx';
import { QualityFacts } from './quality-facts.tsx';
import { QualityMenu } from './quality-menu.tsx';
import { RecordingBar } from './recording-bar.tsx';
import { momentAddress } from './share.ts';
import { Stage } from './stage.tsx';
import { useIdle } from './use-idle.ts';
import { usePlayerKeys } from './use-player-keys.ts';
import { usePlayer } from './use-player.ts';

/** One camera: its picture edge to edge, live or from the recording, and what is measured of it. */
export function Player({ cameraId, startMs }: { cameraId: string; startMs: number | null }) {
  const t = useTranslations('player');
  const onMoved = useCallback(
    (wallMs: number | null) => window.history.replaceState(null, '', momentAddress(cameraId, wallMs)),
    [cameraId],
  );
  const { player, setStage, attach } = usePlayer({ cameraId, startMs, clock: null, onMoved });
  const { camera, name, media, state, stage, actions, isAtLive, pictureClock } = player;
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const isIdle = useIdle(stage);
  const help = () => setIsHelpOpen(true);
  usePlayerKeys(actions, { scope: 'page', onHelp: help });
  const isQuiet = isIdle && player.video?.isPaused === false && state?.phase.type === 'playing';
  const share = async () => {
    const address = momentAddress(cameraId, isAtLive ? null : (pictureClock?.pictureMs ?? null));
    const whole = new URL(address, window.location.origin).href;
    toast((await copyAddress(whole)) ? t('copied') : t('copyFailed', { address: whole }));
  };

  return (
    <div className="lg:grid lg:h-dvh lg:grid-cols-[minmax(0,1fr)_22rem]">
      <section
        ref={setStage}
        data-theme="dark"
        aria-label={t('label', { name })}
        className={cn('relative flex flex-col bg-ground text-text lg:min-h-0', isQuiet && 'lg:cursor-none')}
      >
        <Stage
          player={player}
          attach={attach}
          label={t('label', { name })}
          className="aspect-video lg:aspect-auto lg:min-h-0 lg:grow"
          noteClassName="lg:pb-28"
          drawnBadgesClassName="top-[16%] md:top-[16%] lg:top-5"
        />
        <div
          className={cn(
            'px-3 pt-2 pb-2 transition-opacity duration-300 md:px-5 lg:absolute lg:inset-x-0 lg:bottom-0 lg:bg-linear-to-t lg:from-ground lg:via-veil lg:to-transparent lg:pt-10',
            isQuiet && 'lg:opacity-0 lg:focus-within:opacity-100',
          )}
        >
          <RecordingBar player={player} />
          <Controls
            actions={actions}
            video={player.video}
            clock={pictureClock}
            timeZone={camera.timeZone}
            isAtLive={isAtLive}
            hasSound={media?.audio ?? false}
            quality={<QualityMenu session={player.session} state={state} media={media} stage={stage} />}
            hours={player.hours}
            onHours={player.setHours}
            onShare={() => void share()}
            onHelp={help}
          />
        </div>
      </section>
      <aside
        aria-label={t('about')}
        className="px-4 py-5 md:px-6 lg:overflow-y-auto lg:border-l lg:border-line lg:bg-raised"
      >
        <AboutCamera camera={camera} shownMs={pictureClock ? (pictureClock.pictureMs ?? pictureClock.nowMs) : null} />
        <h2 className="pt-5 pb-1 text-13 font-semibold">{t('measured')}</h2>
        <QualityFacts
          media={media}
          ladder={camera.ladder}
          droppedFrames={pictureClock?.droppedFrames ?? 0}
          session={state}
          timeZone={camera.timeZone}
        />
        <footer className="flex flex-col gap-1 pt-5 text-12 text-quiet">
          <CameraCredit camera={camera} />
          <p>
            <Link
              href={`/removals/new?camera=${camera.id}`}
              className="inline-flex items-center rounded-[4px] underline hover:text-text max-md:min-h-11"
            >
              {t('report')}
            </Link>
          </p>
        </footer>
      </aside>
      <KeysHelp isOpen={isHelpOpen} onOpenChange={setIsHelpOpen} />
    </div>
  );
}
