'use client';

import { Check, Copy } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';

import { copyAddress } from '../../_lib/copy-address.ts';
import { Button } from '../../_ui/button.tsx';

/** Off HTTPS there is no clipboard: what is to be copied stands beside this and can be selected. */
export function CopyButton({ text }: { text: string }) {
  const t = useTranslations('account');
  const [state, setState] = useState<'rest' | 'copied' | 'refused'>('rest');
  const copy = async () => setState((await copyAddress(text)) ? 'copied' : 'refused');
  const Icon = state === 'copied' ? Check : Copy;
  const words = { rest: t('copy'), copied: t('copied'), refused: t('copyByHand') };
  return (
    <Button className="max-md:h-11" onClick={() => void copy()}>
      <Icon aria-hidden="true" strokeWidth={1.5} className="size-4" />
      <span aria-live="polite">{words[state]}</span>
    </Button>
  );
}
