import { useTranslations } from 'next-intl';

import type { RemovalState } from '#server/contracts/removal.ts';

import { StateMark } from '../../_ui/state-mark.tsx';

const marks = { open: 'delayed', accepted: 'live', refused: 'offline' } as const satisfies Record<RemovalState, string>;

/** How a request stands: shape, word and colour. */
export function RemovalStateWord({ state }: { state: RemovalState }) {
  const t = useTranslations('removal.state');
  return (
    <span className="inline-flex items-center gap-2">
      <StateMark state={marks[state]} /> {t(state)}
    </span>
  );
}
