'use client';

import { useMutation } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'next-intl';
import { useState } from 'react';
import { Controller, useFormContext } from 'react-hook-form';

import type { CameraForOwner } from '#server/contracts/camera.ts';

import { localName } from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { EraseRecordings } from '../../_ui/erase-recordings.tsx';
import { LivingThumbnail } from '../../_ui/living-thumbnail.tsx';
import { RegionEditor } from '../../_ui/region-editor.tsx';
import { FormSection } from './form-parts.tsx';
import type { FormValues } from './form-values.ts';

/** A mask does not reach what was recorded before it. */
function Earlier({ stored }: { stored: CameraForOwner }) {
  const t = useTranslations('masks');
  const locale = useLocale();
  const trpc = useTRPC();
  const erase = useMutation(trpc.removals.eraseCamera.mutationOptions());
  return (
    <div className="grid gap-3">
      <p className="text-13 text-quiet">{t(stored.masked ? 'earlier' : 'earlierUnsaved')}</p>
      {stored.masked ? (
        <EraseRecordings
          name={localName(stored, locale)}
          erase={(name) => erase.mutateAsync({ id: stored.id, name })}
        />
      ) : null}
    </div>
  );
}

/** What is painted over in the picture of a camera that is there. */
export function MaskSection({ stored }: { stored: CameraForOwner }) {
  const t = useTranslations();
  const { control } = useFormContext<FormValues>();
  const [isOpened, setIsOpened] = useState(false);
  return (
    <FormSection title={t('masks.section')}>
      <p className="text-13 text-quiet">{t('masks.text')}</p>
      <Controller
        control={control}
        name="masks"
        render={({ field: { value, onChange } }) =>
          isOpened || value.length > 0 ? (
            <>
              <RegionEditor regions={value} onChange={onChange}>
                <LivingThumbnail
                  url={stored.playback.thumbnail}
                  alt={t('masks.picture')}
                  missing={t('regions.noPicture')}
                  intervalMs={10_000}
                />
              </RegionEditor>
              {value.length > 0 || stored.masked ? <Earlier stored={stored} /> : null}
            </>
          ) : (
            <div className="flex flex-wrap items-center gap-4">
              <Button className="max-md:h-11" onClick={() => setIsOpened(true)}>
                {t('masks.show')}
              </Button>
              <p className="text-13 text-quiet">{t('masks.none')}</p>
            </div>
          )
        }
      />
    </FormSection>
  );
}
