'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import type { z } from 'zod';

import type { keyMade } from '#server/contracts/access.ts';

import { Button } from '../../_ui/button.tsx';
import { Note } from '../../_ui/note.tsx';
import { CopyButton } from './copy-button.tsx';

/** The only time that anybody sees the key. */
export function KeyMade({ made, onClose }: { made: z.infer<typeof keyMade>; onClose: () => void }) {
  const t = useTranslations('account');
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <div ref={box} tabIndex={-1} className="mb-6 grid gap-3 border-t border-line py-6 outline-none">
      <h2 className="text-16 font-semibold">{made.key.name}</h2>
      <Note tone="warning" title={t('keyOnce')}>
        {t('keyOnceText')}
      </Note>
      <p
        data-testid="key-secret"
        className="rounded-control border border-line-strong bg-raised px-3 py-2.5 font-mono text-13 break-all select-all"
      >
        {made.secret}
      </p>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={made.secret} />
        <Button tone="plain" className="max-md:h-11" onClick={onClose}>
          {t('keyKept')}
        </Button>
      </div>
    </div>
  );
}
