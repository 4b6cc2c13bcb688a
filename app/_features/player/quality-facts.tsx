'use client';

import { useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';

import type { LadderMode } from '#server/contracts/camera.ts';
import type { MediaState } from '#server/contracts/media-state.ts';

import {
  formatBitrate,
  formatBytes,
  formatCodecs,
  formatDuration,
  formatMoment,
  formatRate,
  unknown,
} from '../../_lib/format.ts';
import type { Level } from '../../_lib/playback/quality.ts';
import type { SessionState } from '../../_lib/playback/session-state.ts';

function Fact({ term, children, isWord = false }: { term: string; children: ReactNode; isWord?: boolean }) {
  return (
    <div className="flex items-baseline justify-between gap-4 border-b border-line py-1.5">
      <dt className="shrink-0 text-13 text-quiet">{term}</dt>
      <dd className={isWord ? 'text-right text-13' : 'figure truncate text-right text-13'}>{children}</dd>
    </div>
  );
}

function playingWords(level: Level, t: ReturnType<typeof useTranslations<'facts'>>): string {
  return level === 'source' ? t('playingSource') : t('playingRung', { size: level });
}

/** Which sizes the server makes at this moment, for whomever. */
function ladderWords(rungs: MediaState['rungs'], ladder: LadderMode, t: ReturnType<typeof useTranslations<'facts'>>) {
  if (rungs.length === 0) return t('ladderNone');
  const sizes = rungs.map((rung) => `${rung}p`).join(', ');
  return ladder === 'always' ? t('ladderAlways', { sizes }) : sizes;
}

type QualityFactsProps = {
  media: MediaState | null;
  ladder: LadderMode;
  droppedFrames: number;
  session: SessionState | null;
  timeZone: string;
};

/** What was measured of the stream, and on the way into this browser. */
export function QualityFacts({ media, ladder, droppedFrames, session, timeZone }: QualityFactsProps) {
  const t = useTranslations('facts');
  const locale = useLocale();
  const isPast = session?.mode.type === 'past';
  return (
    <dl>
      <Fact term={t('codec')}>{formatCodecs(media?.codecs)}</Fact>
      <Fact term={t('size')}>{media?.width ? `${media.width}×${media.height ?? unknown}` : unknown}</Fact>
      <Fact term={t('fps')}>{typeof media?.fps === 'number' ? `${formatRate(media.fps)} fps` : unknown}</Fact>
      <Fact term={t('bitrate')}>{formatBitrate(media?.bitrate)}</Fact>
      <Fact term={t('gop')}>
        {typeof media?.gopSeconds === 'number' ? formatDuration(media.gopSeconds * 1000, locale) : unknown}
        {media?.bFrames ? ` · ${t('bFrames')}` : ''}
      </Fact>
      <Fact term={t('audio')} isWord>
        {media ? t(media.audio ? 'audioYes' : 'audioNo') : unknown}
      </Fact>
      <Fact term={t('clock')} isWord>
        {media?.clock ? t(`clocks.${media.clock}`) : t('noClock')}
      </Fact>
      <Fact term={t('frameAge')}>
        {typeof media?.frameAgeMs === 'number' ? t('old', { time: formatDuration(media.frameAgeMs, locale) }) : unknown}
      </Fact>
      <Fact term={t('playing')} isWord>
        {session?.quality.playing ? playingWords(session.quality.playing, t) : unknown}
      </Fact>
      <Fact term={t('ladder')} isWord>
        {media ? ladderWords(media.rungs, ladder, t) : unknown}
      </Fact>
      <Fact term={t('transport')} isWord>
        {session ? t(isPast ? 'recording' : session.transport) : unknown}
      </Fact>
      <Fact term={t('dropped')}>{media?.dropped ?? unknown}</Fact>
      <Fact term={t('droppedHere')}>{droppedFrames}</Fact>
      <Fact term={t('viewers')}>{media?.viewers ?? unknown}</Fact>
      <Fact term={t('recorded')}>{media ? formatBytes(media.recordedBytes) : unknown}</Fact>
      <Fact term={t('oldest')}>
        {media?.oldest ? formatMoment({ ms: Date.parse(media.oldest), timeZone, locale }) : unknown}
      </Fact>
    </dl>
  );
}
