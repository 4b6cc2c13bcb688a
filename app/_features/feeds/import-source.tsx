'use client';

import { FileUp } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId, useRef, useState, type DragEvent } from 'react';

import { cn } from '../../_lib/class-name.ts';
import { Button } from '../../_ui/button.tsx';
import { TextArea } from '../../_ui/field.tsx';

const bytesMax = 20_000_000;

export interface GivenFile {
  name: string;
  text: string;
}

type ImportSourceProps = {
  pasted: string;
  isBusy: boolean;
  onPasted: (text: string) => void;
  onGiven: (file: GivenFile) => void;
};

/** A file that is dropped or chosen, or its text. */
export function ImportSource({ pasted, isBusy, onPasted, onGiven }: ImportSourceProps) {
  const t = useTranslations('importer');
  const id = useId();
  const picker = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  const [fault, setFault] = useState<'tooLarge' | 'notText' | null>(null);
  const take = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > bytesMax) {
      setFault('tooLarge');
      return;
    }
    try {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
      setFault(null);
      onGiven({ name: file.name.slice(0, 255), text });
    } catch {
      // Another encoding than UTF-8, or it went away while it was read.
      setFault('notText');
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    void take(event.dataTransfer.files[0]);
  };
  return (
    <div className="grid gap-6">
      {/* Dropping is one way of three: the button below chooses a file, the field takes its text. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <section
        aria-label={t('drop')}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
        className={cn(
          'flex min-h-48 flex-col items-center justify-center gap-3 rounded-panel border border-dashed border-line-strong px-4 py-8 text-center transition-colors',
          isOver && 'border-signal bg-signal-wash',
        )}
      >
        <FileUp aria-hidden="true" strokeWidth={1.25} className="size-8 text-faint" />
        <p className="font-medium">{t('drop')}</p>
        <p className="text-13 text-quiet">{t('dropHelp')}</p>
        <input
          ref={picker}
          type="file"
          accept=".csv,.tsv,.txt,.json,.geojson,.m3u,.m3u8,.opml,.xml"
          aria-label={t('choose')}
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => {
            void take(event.target.files?.[0]);
            // The same file may be chosen again after it was mended.
            event.target.value = '';
          }}
        />
        <Button className="max-md:h-11" disabled={isBusy} onClick={() => picker.current?.click()}>
          {t('choose')}
        </Button>
        <div role="alert">{fault ? <p className="text-13 text-error">{t(fault)}</p> : null}</div>
      </section>
      <section>
        <label htmlFor={id} className="mb-1 block text-13 font-medium">
          {t('paste')}
        </label>
        <TextArea
          id={id}
          spellCheck={false}
          className="figure min-h-32 text-12 whitespace-pre"
          placeholder={'name,latitude,longitude,address\nGate,35.6590,139.7006,rtsp://192.168.1.20/live'}
          value={pasted}
          onChange={(event) => onPasted(event.target.value)}
        />
        <Button
          className="mt-3 max-md:h-11"
          disabled={isBusy || pasted.trim() === ''}
          onClick={() => onGiven({ name: '', text: pasted })}
        >
          {t(isBusy ? 'reading' : 'preview')}
        </Button>
      </section>
    </div>
  );
}
