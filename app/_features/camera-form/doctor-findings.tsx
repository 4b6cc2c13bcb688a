'use client';

import { Check, CircleAlert, Minus, X } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';

import type { DoctorAdvice, DoctorReport } from '#server/contracts/doctor.ts';

import { cn } from '../../_lib/class-name.ts';
import { formatBitrate, formatDuration, formatRate } from '../../_lib/format.ts';
import { Note } from '../../_ui/note.tsx';

const codecNames: Readonly<Record<string, string>> = {
  h264: 'H.264',
  hevc: 'H.265',
  h265: 'H.265',
  av1: 'AV1',
  vp9: 'VP9',
  mjpeg: 'MJPEG',
};

const signs = {
  good: { icon: Check, colour: 'text-live' },
  mind: { icon: CircleAlert, colour: 'text-delayed' },
  bad: { icon: X, colour: 'text-error' },
  none: { icon: Minus, colour: 'text-quiet' },
} as const;

function Finding({ sign, value, children }: { sign: keyof typeof signs; value?: string; children: ReactNode }) {
  const { icon: Icon, colour } = signs[sign];
  return (
    <li className="flex items-baseline gap-3 py-1 text-13">
      <Icon aria-hidden="true" strokeWidth={2} className={cn('size-3.5 shrink-0 self-center', colour)} />
      <span className={cn('grow', sign === 'none' && 'text-quiet')}>{children}</span>
      <span className={cn('figure', sign === 'mind' && 'text-delayed')}>{value}</span>
    </li>
  );
}

function Steps({ report }: { report: DoctorReport }) {
  const t = useTranslations('doctor');
  // A drawn camera has no host to resolve: only after a failure does it matter what was not reached.
  const steps = report.steps.filter(({ outcome }) => outcome !== 'skipped' || report.outcome === 'failed');
  return steps.map(({ step, outcome, durationMs }) => {
    if (outcome === 'skipped') {
      return (
        <Finding key={step} sign="none" value={t('skipped')}>
          {t(`steps.${step}`)}
        </Finding>
      );
    }
    const isOk = outcome === 'ok';
    return (
      <Finding key={step} sign={isOk ? 'good' : 'bad'} value={`${Math.round(durationMs)} ms`}>
        {t(isOk ? `steps.${step}` : `stepFailed.${step}`)}
      </Finding>
    );
  });
}

function Media({ report }: { report: DoctorReport }) {
  const t = useTranslations();
  const locale = useLocale();
  const { video, audio, advice } = report;
  if (!video) return null;
  const signOf = (...codes: DoctorAdvice[]) => (codes.some((code) => advice.includes(code)) ? 'mind' : 'good');
  const seconds = (value: number | null) =>
    value === null ? t('doctor.skipped') : formatDuration(value * 1000, locale);
  return (
    <>
      <Finding sign={signOf('VIDEO_TRANSCODED')} value={`${video.width}×${video.height}`}>
        {[codecNames[video.codec.toLowerCase()] ?? video.codec, video.profile].filter(Boolean).join(' ')}
      </Finding>
      <Finding sign={signOf('FPS_LOW', 'FPS_UNSTEADY')} value={`${formatRate(video.fps)} fps`}>
        {t('doctor.measuredFps')}
      </Finding>
      <Finding sign={signOf('GOP_LONG', 'GOP_IRREGULAR')} value={seconds(video.gopSeconds)}>
        {t('doctor.gop')}
      </Finding>
      <Finding sign={video.bFrames ? 'mind' : 'good'} value={video.bFrames ? '' : t('doctor.webrtc')}>
        {t(video.bFrames ? 'doctor.bFrames' : 'doctor.bFramesNo')}
      </Finding>
      <Finding
        sign={signOf('NO_CLOCK', 'CLOCK_WRONG')}
        value={
          report.clockOffsetMs === null
            ? ''
            : t('doctor.offset', { offset: formatDuration(Math.abs(report.clockOffsetMs), locale) })
        }
      >
        {t('doctor.clock')}: {t(`facts.clocks.${report.clock}`)}
      </Finding>
      <Finding sign={signOf('BITRATE_HIGH')} value={formatBitrate(report.bitrate)}>
        {t('doctor.bitrate')}
      </Finding>
      <Finding sign="good" value={report.firstFrameMs === null ? '' : formatDuration(report.firstFrameMs, locale)}>
        {t('doctor.firstFrame')}
      </Finding>
      {audio ? (
        <Finding
          sign={signOf('AUDIO_TRANSCODED', 'AUDIO_INVALID')}
          value={`${(audio.sampleRate / 1000).toFixed(1)} kHz · ${audio.channels} ch`}
        >
          {t('doctor.audio')}: {audio.codec.toUpperCase()}
        </Finding>
      ) : (
        <Finding sign="none">{t('doctor.noAudio')}</Finding>
      )}
    </>
  );
}

/** The report in words: what it came to, each measured thing, and what to do about the rest. */
export function DoctorFindings({ report }: { report: DoctorReport }) {
  const t = useTranslations('doctor');
  const isOk = report.outcome === 'ok';
  return (
    <div>
      {report.picture ? (
        // Made by the doctor a moment ago: there is nothing for an image service to optimise.
        // oxlint-disable-next-line nextjs/no-img-element
        <img
          src={`data:image/jpeg;base64,${report.picture}`}
          alt={t('picture')}
          className="mb-4 w-full rounded-panel"
        />
      ) : null}
      <p className="pb-2 font-semibold">{t(isOk ? 'ok' : 'failed')}</p>
      {report.fault ? (
        <Note tone="error" className="mb-3" title={t(`fault.${report.fault.code}.title`)}>
          {t(`fault.${report.fault.code}.next`)}
        </Note>
      ) : null}
      <ul>
        <Steps report={report} />
        <Media report={report} />
      </ul>
      <div className="grid gap-3 pt-3">
        {report.advice.map((code) => (
          <Note key={code} tone={code === 'NO_AUDIO' ? 'info' : 'warning'} title={t(`advice.${code}.title`)}>
            {t(`advice.${code}.next`)}
          </Note>
        ))}
      </div>
    </div>
  );
}
