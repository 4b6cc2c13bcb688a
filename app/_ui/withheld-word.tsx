import { EyeOff } from 'lucide-react';
import { useTranslations } from 'next-intl';

import { cn } from '../_lib/class-name.ts';
import { useReasonWord } from '../_lib/use-reason-word.ts';

type WithheldWordProps = {
  /** Why it is shown to nobody but who may change it. */
  reason: string;
  className?: string;
};

/** Who still sees a camera that others don't is told so. */
export function WithheldWord({ reason, className }: WithheldWordProps) {
  const t = useTranslations('reason');
  const word = useReasonWord(reason);
  const isNamed = reason !== 'withheld';
  return (
    <span className={cn('flex min-w-0 items-center gap-1.5 text-12 text-delayed', className)}>
      <EyeOff aria-hidden="true" strokeWidth={1.5} className="size-3.5 shrink-0" />
      <span className="truncate">{isNamed ? `${t('withheld')} · ${word}` : t('withheld')}</span>
    </span>
  );
}
