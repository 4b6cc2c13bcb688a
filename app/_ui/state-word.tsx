import { useTranslations } from 'next-intl';

import type { CameraState } from '#server/contracts/camera.ts';

import { cn } from '../_lib/class-name.ts';
import { useReasonWord } from '../_lib/use-reason-word.ts';
import { stateColour, StateMark } from './state-mark.tsx';

type StateWordProps = { state: CameraState; reason?: string | null; className?: string; markClassName?: string };

/** A measured state: shape, word and colour; an error says its reason instead. */
export function StateWord({ state, reason = null, className, markClassName }: StateWordProps) {
  const t = useTranslations('state');
  const reasonWord = useReasonWord(reason);
  const isError = state === 'error';
  return (
    <span className={cn('inline-flex min-w-0 items-center gap-2', className)}>
      <StateMark state={state} {...(markClassName ? { className: markClassName } : {})} />
      <span className={cn('truncate', isError && stateColour.error)}>
        {isError ? (reasonWord ?? t(state)) : t(state)}
      </span>
    </span>
  );
}
