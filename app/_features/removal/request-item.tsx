'use client';

import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import { useState } from 'react';

import type { RemovalDecision, RemovalRequest } from '#server/contracts/removal.ts';

import { formatDuration, localName, localPlace } from '../../_lib/format.ts';
import { serverNow } from '../../_lib/server-clock.ts';
import { Button } from '../../_ui/button.tsx';
import { EraseRecordings } from '../../_ui/erase-recordings.tsx';
import { Field, TextArea } from '../../_ui/field.tsx';
import { LivingThumbnail } from '../../_ui/living-thumbnail.tsx';
import { RegionOverlay } from '../../_ui/region-overlay.tsx';
import { StateMark } from '../../_ui/state-mark.tsx';
import { RemovalStateWord } from './removal-state.tsx';

type RequestItemProps = {
  request: RemovalRequest;
  isBusy: boolean;
  onDecide: (decision: RemovalDecision) => void;
  onReopen: () => void;
  /** Null: not theirs to do. */
  onErase: ((typed: string) => Promise<unknown>) | null;
};

function Verdict({ request, isBusy, onDecide }: Pick<RequestItemProps, 'request' | 'isBusy' | 'onDecide'>) {
  const t = useTranslations('removal');
  const [note, setNote] = useState('');
  const [isNoteMissing, setIsNoteMissing] = useState(false);
  const words = note.trim();
  return (
    <div className="grid gap-3 pt-3">
      <Field label={t('noteToSender')} help={t('noteHelp')} error={isNoteMissing ? t('noteMissing') : undefined}>
        {(control) => (
          <TextArea
            {...control}
            maxLength={2000}
            className="min-h-16"
            value={note}
            onChange={(event) => {
              setNote(event.target.value);
              setIsNoteMissing(false);
            }}
          />
        )}
      </Field>
      <div className="flex flex-wrap gap-3">
        <Button
          tone="signal"
          className="max-md:h-11"
          disabled={isBusy}
          onClick={() => onDecide({ id: request.id, verdict: 'accepted', note: words === '' ? null : words })}
        >
          {t(`accept.${request.kind}`)}
        </Button>
        <Button
          className="max-md:h-11"
          disabled={isBusy}
          onClick={() => {
            if (words === '') setIsNoteMissing(true);
            else onDecide({ id: request.id, verdict: 'refused', note: words });
          }}
        >
          {t('refuse')}
        </Button>
      </div>
    </div>
  );
}

/** One request as the operator reads it: the picture with what is asked for drawn on it, who asks and why. */
export function RequestItem({ request, isBusy, onDecide, onReopen, onErase }: RequestItemProps) {
  const t = useTranslations('removal');
  const locale = useLocale();
  const { camera } = request;
  const name = localName(camera, locale);
  const place = localPlace(camera, locale);
  const age = formatDuration(serverNow() - Date.parse(request.createdAt), locale);
  return (
    <article className="grid gap-x-6 gap-y-4 border-t border-line py-6 md:grid-cols-[minmax(0,24rem)_1fr]">
      <div className="relative self-start overflow-hidden rounded-panel">
        <LivingThumbnail url={camera.thumbnail} alt={t('picture', { name })} intervalMs={10_000} />
        <RegionOverlay regions={request.regions} label={t('regionsOn', { count: request.regions.length })} />
      </div>
      <div className="min-w-0">
        <h2 className="text-16 font-semibold">{t(`kind.${request.kind}`)}</h2>
        <p>
          <Link href={`/cameras/${camera.id}`} className="rounded-[4px] underline">
            {name}
          </Link>
          <span className="text-quiet">{place ? ` · ${place}` : ''}</span>
        </p>
        <p className="empty:hidden">
          {camera.demo ? (
            <span className="mr-3 inline-flex items-center gap-1.5 text-12 text-quiet">
              <StateMark state="demo" /> {t('demo')}
            </span>
          ) : null}
          {camera.withheld ? <span className="text-12 whitespace-nowrap text-delayed">{t('withheld')}</span> : null}
        </p>
        <p className="pt-1 text-13 text-quiet">
          {request.name} ·{' '}
          <a href={`mailto:${request.email}`} className="rounded-[4px] underline">
            {request.email}
          </a>{' '}
          · <span className="figure">{t('ago', { age })}</span>
        </p>
        <p className="max-h-60 overflow-y-auto py-3 wrap-break-word whitespace-pre-wrap">{request.reason}</p>
        <p className="figure text-12 text-quiet">{request.id}</p>
        {request.state === 'open' ? (
          <Verdict request={request} isBusy={isBusy} onDecide={onDecide} />
        ) : (
          <div className="grid gap-3 pt-3">
            <p>
              <RemovalStateWord state={request.state} />
            </p>
            {request.note ? <p className="text-13 whitespace-pre-wrap text-quiet">{request.note}</p> : null}
            <div className="flex flex-wrap gap-3">
              <Button className="max-md:h-11" disabled={isBusy} onClick={onReopen}>
                {t('reopen')}
              </Button>
            </div>
            {request.kind === 'takeDown' && request.state === 'accepted' && onErase ? (
              <EraseRecordings name={name} erase={onErase} />
            ) : null}
          </div>
        )}
      </div>
    </article>
  );
}
