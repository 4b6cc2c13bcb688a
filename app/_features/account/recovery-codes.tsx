'use client';

import { Download, Printer } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';

import { saveText } from '../../_lib/save-text.ts';
import { Button } from '../../_ui/button.tsx';
import { Note } from '../../_ui/note.tsx';
import { PrintSheet } from '../../_ui/print-sheet.tsx';
import { CopyButton } from './copy-button.tsx';

/** The only time that anybody sees them. */
export function RecoveryCodes({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const t = useTranslations('account');
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => list.current?.focus(), []);
  const text = codes.join('\n');
  const title = t('codesFile');
  return (
    <div ref={list} tabIndex={-1} className="grid gap-4 outline-none">
      <Note tone="warning" title={t('codesTitle')}>
        {t('codesText')}
      </Note>
      <ul aria-label={t('codes')} className="grid max-w-md grid-cols-2 gap-x-6 gap-y-1.5 font-mono text-14 select-all">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={text} />
        <Button
          className="max-md:h-11"
          onClick={() =>
            saveText({ name: 'sensorium-recovery-codes.txt', type: 'text/plain', text: `${title}\n\n${text}\n` })
          }
        >
          <Download aria-hidden="true" strokeWidth={1.5} className="size-4" /> {t('download')}
        </Button>
        <Button className="max-md:h-11" onClick={() => window.print()}>
          <Printer aria-hidden="true" strokeWidth={1.5} className="size-4" /> {t('print')}
        </Button>
      </div>
      <PrintSheet>
        <h1 className="pb-4 text-20 font-semibold">{title}</h1>
        <pre className="font-mono text-16 leading-loose">{text}</pre>
      </PrintSheet>
      <div>
        <Button tone="signal" className="max-md:h-11" onClick={onClose}>
          {t('codesKept')}
        </Button>
      </div>
    </div>
  );
}
