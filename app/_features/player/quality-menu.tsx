'use client';

import { Settings2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { DropdownMenu } from 'radix-ui';

import type { MediaState } from '#server/contracts/media-state.ts';

import { cn } from '../../_lib/class-name.ts';
import { rungsBelow, type Level, type Quality } from '../../_lib/playback/quality.ts';
import type { SessionState } from '../../_lib/playback/session-state.ts';
import type { StreamSession } from '../../_lib/playback/stream-session.ts';
import { Hint } from '../../_ui/hint.tsx';
import { MenuChoice, MenuContent } from '../../_ui/menu.tsx';

type QualityMenuProps = {
  session: StreamSession | null;
  state: SessionState | null;
  media: MediaState | null;
  /** What may be on the full screen: the menu opens inside of it. */
  stage: HTMLElement | null;
  className?: string;
};

const choice = 'max-md:h-11';

/** What fits, the source as it is, or a size that the server makes. Not shown where there is nothing to choose. */
export function QualityMenu({ session, state, media, stage, className }: QualityMenuProps) {
  const t = useTranslations('player.quality');
  const source = { width: media?.width ?? null, height: media?.height ?? null };
  const rungs = rungsBelow(source);
  // The browser's own player chooses by itself.
  if (!session || !state || rungs.length === 0 || state.transport === 'native') return null;
  const { wish, playing, isRefused } = state.quality;
  const isPast = state.mode.type === 'past';
  const sourceSize = Math.min(source.width ?? 0, source.height ?? 0);
  const name = (level: Level) => (level === 'source' ? t('source', { size: sourceSize }) : t('rung', { size: level }));
  const choices: Quality[] = ['auto', 'source', ...rungs];
  const words = (quality: Quality) => {
    if (quality !== 'auto') return name(quality);
    return wish === 'auto' && playing ? t('autoPlaying', { playing: name(playing) }) : t('auto');
  };
  return (
    <DropdownMenu.Root>
      <Hint text={t('label')}>
        <DropdownMenu.Trigger
          aria-label={t('label')}
          className={cn(
            'inline-flex size-9 shrink-0 items-center justify-center rounded-control text-quiet transition-colors duration-150 hover:bg-hover hover:text-text [&_svg]:size-5',
            className,
          )}
        >
          <Settings2 aria-hidden="true" strokeWidth={1.5} />
        </DropdownMenu.Trigger>
      </Hint>
      <MenuContent side="top" align="end" container={stage} aria-label={t('label')}>
        <DropdownMenu.RadioGroup
          value={wish}
          onValueChange={(value) => {
            const chosen = choices.find((quality) => quality === value);
            if (chosen) session.setQuality(chosen);
          }}
        >
          {choices.map((quality) => (
            <MenuChoice key={quality} value={quality} className={choice}>
              {words(quality)}
            </MenuChoice>
          ))}
        </DropdownMenu.RadioGroup>
        {isRefused || isPast ? (
          <output className="block max-w-56 px-2 pt-1 pb-2 text-12 text-quiet">
            {t(isPast ? 'liveOnly' : 'refused')}
          </output>
        ) : null}
      </MenuContent>
    </DropdownMenu.Root>
  );
}
