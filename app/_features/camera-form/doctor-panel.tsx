'use client';

import { useMutation } from '@tanstack/react-query';
import { LoaderCircle, Stethoscope } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';

import type { DoctorInput } from '#server/contracts/doctor.ts';

import { codeOf } from '../../_lib/error-message.ts';
import { formatDuration } from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { Note } from '../../_ui/note.tsx';
import { DoctorFindings } from './doctor-findings.tsx';

function Running() {
  const t = useTranslations('doctor');
  const locale = useLocale();
  const [elapsedMs, setElapsedMs] = useState(0);
  useEffect(() => {
    const begunMs = Date.now();
    const timer = setInterval(() => setElapsedMs(Date.now() - begunMs), 100);
    return () => clearInterval(timer);
  }, []);
  return (
    <div aria-live="polite" className="flex items-start gap-3 py-4">
      <LoaderCircle aria-hidden="true" strokeWidth={1.5} className="mt-0.5 size-4 animate-spin text-signal" />
      <div>
        <p>{t('running')}</p>
        <p className="figure text-12 text-quiet">{t('runningNote', { elapsed: formatDuration(elapsedMs, locale) })}</p>
      </div>
    </div>
  );
}

type DoctorPanelProps = {
  /** What the fields say now. */
  input: DoctorInput;
  /** Marks the fields that must be mended first; false stops the check. */
  onBefore: () => Promise<boolean>;
};

/** Opens the source before it is saved, and says in words what it found. */
export function DoctorPanel({ input, onBefore }: DoctorPanelProps) {
  const t = useTranslations();
  const trpc = useTRPC();
  const check = useMutation(trpc.cameras.diagnose.mutationOptions());
  const isStale = check.isSuccess && JSON.stringify(check.variables) !== JSON.stringify(input);
  const run = async () => {
    if (await onBefore()) check.mutate(input);
  };
  return (
    <section aria-label={t('doctor.title')} className="flex flex-col">
      <h2 className="pb-2 text-16 font-semibold">{t('doctor.title')}</h2>
      {check.isIdle ? <p className="text-13 text-quiet">{t('doctor.idle')}</p> : null}
      {check.isPending ? <Running /> : null}
      {check.isError ? (
        <Note tone="error" title={t('doctor.unavailable', { message: t(`error.${codeOf(check.error)}`) })} />
      ) : null}
      {isStale ? <p className="pb-2 text-12 text-delayed">{t('doctor.stale')}</p> : null}
      <div aria-live="polite" className={isStale ? 'opacity-60' : undefined}>
        {check.isSuccess ? <DoctorFindings report={check.data} /> : null}
      </div>
      <Button className="mt-5 self-start max-md:h-11" disabled={check.isPending} onClick={() => void run()}>
        <Stethoscope aria-hidden="true" strokeWidth={1.5} className="size-4" />
        {t(check.isIdle ? 'doctor.run' : 'doctor.again')}
      </Button>
    </section>
  );
}
