'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CloudOff, FileUp } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import { toast } from 'sonner';

import { codeOf } from '../../_lib/error-message.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { useMay } from '../../_lib/use-may.ts';
import { Button } from '../../_ui/button.tsx';
import { PageNote } from '../../_ui/page-note.tsx';
import { PermissionGate } from '../../_ui/permission-gate.tsx';
import { DemoChoice } from './demo-choice.tsx';
import { FeedsQuestion } from './feeds-question.tsx';
import { OwnerStep } from './owner-step.tsx';
import { WizardFrame, type WizardStep } from './wizard-frame.tsx';

type WizardProps = {
  asked: WizardStep;
  /** The parts of the third step, which other features make. */
  check: ReactNode;
  discovery: ReactNode;
};

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="border-t border-line py-6">
      <h2 className="pb-3 text-13 font-semibold text-quiet">{title}</h2>
      {children}
    </section>
  );
}

/** Three steps that can each be skipped; the house works without them. */
export function Wizard({ asked, check, discovery }: WizardProps) {
  const t = useTranslations();
  const router = useRouter();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { me, isKnown, may } = useMay();
  const state = useQuery(trpc.welcome.state.queryOptions());
  const finish = useMutation(
    trpc.welcome.finish.mutationOptions({
      onSuccess: (next) => {
        queryClient.setQueryData(trpc.welcome.state.queryKey(), next);
        router.push('/');
      },
      onError: (error) => toast(t('welcome.saveFailed', { message: t(`error.${codeOf(error)}`) })),
    }),
  );
  if (state.isError && !state.data) {
    return (
      <PageNote
        level={1}
        icon={CloudOff}
        title={t('page.errorTitle')}
        actions={<Button onClick={() => void state.refetch()}>{t('cameras.retry')}</Button>}
      >
        {t(`error.${codeOf(state.error)}`)}
      </PageNote>
    );
  }
  if (!state.data || !isKnown) return <div className="min-h-[60vh]" />;
  if (!me) {
    return (
      <WizardFrame step={1} isClaimed={false}>
        <OwnerStep ownerMissing={state.data.ownerMissing} />
      </WizardFrame>
    );
  }
  // Whoever may choose nothing for the house still adds cameras of their own.
  const mayChoose = may('settings:write') || may('feed:write');
  const step = asked === 3 || !mayChoose ? 3 : 2;
  // What ends the set-up for everybody is for whoever may; others go on to the globe.
  const end = may('settings:write') ? (
    <Button
      tone={step === 3 ? 'signal' : 'plain'}
      size="large"
      disabled={finish.isPending}
      onClick={() => finish.mutate()}
    >
      {t(finish.isPending ? 'welcome.finishing' : step === 3 ? 'welcome.finish' : 'welcome.skipAll')}
    </Button>
  ) : (
    <Button asChild tone={step === 3 ? 'signal' : 'plain'} size="large">
      <Link href="/">{t('welcome.finish')}</Link>
    </Button>
  );
  return (
    <PermissionGate page={t('welcome.title')} needs={['settings:write', 'feed:write', 'camera:write']}>
      <WizardFrame step={step} isClaimed>
        {step === 2 ? (
          <>
            <header className="pt-6 pb-6">
              <h1 className="text-28 font-semibold">{t('welcome.camerasTitle')}</h1>
              <p className="text-quiet">{t('welcome.camerasText')}</p>
            </header>
            {may('settings:write') ? (
              <Part title={t('welcome.demoTitle')}>
                <DemoChoice isShown={state.data.demoCamerasShown} />
              </Part>
            ) : null}
            {may('feed:write') ? (
              <Part title={t('welcome.feedsTitle')}>
                <FeedsQuestion answer={state.data.publicFeeds} />
              </Part>
            ) : null}
            <div className="flex flex-wrap gap-3 border-t border-line pt-5">
              <Button asChild tone="signal" size="large">
                <Link href="/welcome?step=3">{t('welcome.next')}</Link>
              </Button>
              {end}
            </div>
          </>
        ) : (
          <>
            <header className="pt-6 pb-6">
              <h1 className="text-28 font-semibold">{t('welcome.ownTitle')}</h1>
              <p className="text-quiet">{t('welcome.ownText')}</p>
            </header>
            {may('camera:write') ? (
              <>
                <Part title={t('welcome.checkTitle')}>{check}</Part>
                <Part title={t('discovery.title')}>{discovery}</Part>
              </>
            ) : null}
            {may('feed:write') ? (
              <Part title={t('welcome.importTitle')}>
                <p className="pb-3 text-13 text-quiet">{t('welcome.importText')}</p>
                <Button asChild className="max-md:h-11">
                  <Link href="/import">
                    <FileUp aria-hidden="true" strokeWidth={1.5} className="size-4" /> {t('welcome.import')}
                  </Link>
                </Button>
              </Part>
            ) : null}
            <div className="flex flex-wrap gap-3 border-t border-line pt-5">
              {end}
              {mayChoose ? (
                <Button asChild tone="plain" size="large">
                  <Link href="/welcome?step=2">{t('welcome.back')}</Link>
                </Button>
              ) : null}
            </div>
          </>
        )}
      </WizardFrame>
    </PermissionGate>
  );
}
