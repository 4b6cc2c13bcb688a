'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { useDeferredValue, useState } from 'react';

import { localName, localPlace } from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { Field, TextInput } from '../../_ui/field.tsx';

export interface PickedCamera {
  id: string;
  name: string;
}

const shown = 6;

/** Finds cameras by name and gathers them. */
export function CameraPicker({
  picked,
  onChange,
  error,
}: {
  picked: readonly PickedCamera[];
  onChange: (picked: PickedCamera[]) => void;
  error: string | undefined;
}) {
  const t = useTranslations('account');
  const locale = useLocale();
  const trpc = useTRPC();
  const [typed, setTyped] = useState('');
  const query = useDeferredValue(typed.trim());
  const found = useQuery(
    trpc.cameras.list.queryOptions(
      { query, limit: shown },
      { enabled: query !== '', placeholderData: keepPreviousData },
    ),
  );
  const items = query === '' ? [] : (found.data?.items ?? []).filter(({ id }) => !picked.some((one) => one.id === id));
  return (
    <div className="grid gap-2">
      {picked.length > 0 ? (
        <ul aria-label={t('pickedCameras')} className="flex flex-wrap gap-1.5">
          {picked.map(({ id, name }) => (
            <li key={id}>
              <button
                type="button"
                aria-label={t('removeNamed', { name })}
                onClick={() => onChange(picked.filter((one) => one.id !== id))}
                className="inline-flex min-h-8 items-center gap-1.5 rounded-pill border border-line-strong px-3 text-13 hover:bg-hover max-md:min-h-11"
              >
                {name} <X aria-hidden="true" strokeWidth={1.5} className="size-3.5 text-quiet" />
              </button>
            </li>
          ))}
        </ul>
      ) : null}
      <Field label={t('findCamera')} error={error}>
        {(control) => (
          <TextInput
            type="search"
            autoComplete="off"
            {...control}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
              // The key's form is not sent by looking for a camera.
              event.preventDefault();
              const [first] = items;
              if (first) {
                onChange([...picked, { id: first.id, name: localName(first, locale) }]);
                setTyped('');
              }
            }}
          />
        )}
      </Field>
      {query === '' ? null : (
        <ul aria-label={t('foundCameras')} className="divide-y divide-line">
          {items.map((camera) => (
            <li key={camera.id}>
              <button
                type="button"
                onClick={() => {
                  onChange([...picked, { id: camera.id, name: localName(camera, locale) }]);
                  setTyped('');
                }}
                className="flex min-h-9 w-full flex-wrap items-baseline gap-x-2 rounded-control px-2 py-1.5 text-left hover:bg-hover max-md:min-h-11"
              >
                <span className="text-13">{localName(camera, locale)}</span>
                <span className="text-12 text-quiet">{localPlace(camera, locale)}</span>
              </button>
            </li>
          ))}
          {found.isSuccess && items.length === 0 ? <li className="text-13 text-quiet">{t('noCamera')}</li> : null}
        </ul>
      )}
    </div>
  );
}
