'use client';

import { Check, Copy } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';

import { copyAddress } from '../_lib/copy-address.ts';
import { Button } from './button.tsx';

/** A link or secret that nobody sees again: to be copied now. */
export function ShownOnce({ label, note, value }: { label: string; note: string; value: string }) {
  const t = useTranslations('admin.once');
  const id = useId();
  const [outcome, setOutcome] = useState<'copied' | 'refused' | null>(null);
  return (
    <div className="border-l-2 border-signal pl-3">
      <label htmlFor={id} className="block pb-1 text-13 font-medium">
        {label}
      </label>
      <div className="flex gap-2">
        <input
          id={id}
          readOnly
          value={value}
          onFocus={(event) => event.currentTarget.select()}
          className="figure h-9 min-w-0 grow rounded-control border border-line-strong bg-ground px-3 text-12 max-md:h-11"
        />
        <Button
          className="max-md:h-11"
          onClick={() => void copyAddress(value).then((isCopied) => setOutcome(isCopied ? 'copied' : 'refused'))}
        >
          {outcome === 'copied' ? (
            <Check aria-hidden="true" strokeWidth={1.5} className="size-4" />
          ) : (
            <Copy aria-hidden="true" strokeWidth={1.5} className="size-4" />
          )}
          {t('copy')}
        </Button>
      </div>
      <output className="block pt-1 text-12 text-quiet">{outcome === null ? note : t(outcome)}</output>
    </div>
  );
}
