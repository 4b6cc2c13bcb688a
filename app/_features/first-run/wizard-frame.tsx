import { Check } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import type { ReactNode } from 'react';

import { cn } from '../../_lib/class-name.ts';

export const wizardSteps = [1, 2, 3] as const;
export type WizardStep = (typeof wizardSteps)[number];

/** The three steps of the first run, and the one that is shown. */
export function WizardFrame({
  step,
  isClaimed,
  children,
}: {
  step: WizardStep;
  isClaimed: boolean;
  children: ReactNode;
}) {
  const t = useTranslations('welcome');
  return (
    <div className="mx-auto w-full max-w-2xl px-4 pb-16 md:px-7">
      <nav aria-label={t('steps')} className="pt-6 pb-2 md:pt-12">
        <ol className="flex gap-2 md:gap-4">
          {wizardSteps.map((each) => {
            const isHere = each === step;
            const isDone = each < step || (each === 1 && isClaimed);
            const word = (
              <>
                <span
                  aria-hidden="true"
                  className={cn('mb-2 block h-0.5 rounded-pill', each <= step ? 'bg-signal' : 'bg-line-strong')}
                />
                <span className={cn('flex items-baseline gap-1.5 text-13', isHere ? 'font-semibold' : 'text-quiet')}>
                  {isDone && !isHere ? (
                    <Check aria-hidden="true" strokeWidth={2} className="size-3.5 shrink-0 self-center text-live" />
                  ) : (
                    <span className="figure text-12">{each}</span>
                  )}
                  <span className="min-w-0">
                    {t(`step.${each}`)}
                    {isDone && !isHere ? <span className="sr-only"> ({t('stepDone')})</span> : null}
                  </span>
                </span>
              </>
            );
            return (
              <li key={each} className="min-w-0 flex-1" aria-current={isHere ? 'step' : undefined}>
                {isHere || (each === 1 && isClaimed) || !isClaimed ? (
                  <span className="block min-h-11">{word}</span>
                ) : (
                  <Link href={`/welcome?step=${each}`} className="block min-h-11 rounded-[4px]">
                    {word}
                  </Link>
                )}
              </li>
            );
          })}
        </ol>
      </nav>
      {children}
    </div>
  );
}
