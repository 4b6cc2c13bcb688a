'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';

import type { Profile } from '#server/contracts/account.ts';

import { useTRPC } from '../../_lib/trpc.ts';
import { useFaultSentence } from '../../_lib/use-fault-sentence.ts';
import { Button } from '../../_ui/button.tsx';
import { PersonPicture } from '../../_ui/person-picture.tsx';
import { Section } from './room.tsx';
import { PictureRefused, sendPicture } from './send-picture.ts';
import { useFailedToast } from './use-failed-toast.ts';
import { useProfileCache } from './use-profile-cache.ts';

const bytesMax = 8 * 1024 * 1024;
const types = ['image/jpeg', 'image/png', 'image/webp'];

/** The person's picture: chosen, looked at whole, then sent. */
export function PictureSection({ profile }: { profile: Profile }) {
  const t = useTranslations('account');
  const trpc = useTRPC();
  const cache = useProfileCache();
  const fail = useFailedToast();
  const picker = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const remove = useMutation(
    trpc.account.removePicture.mutationOptions({
      onSuccess: (saved) => {
        cache.put(saved);
        toast(t('pictureRemoved'));
      },
      onError: fail,
    }),
  );
  const choose = async (chosen: File | undefined) => {
    if (!chosen) return;
    const isTooLarge = chosen.size > bytesMax;
    const isTaken = !isTooLarge && types.includes(chosen.type) && (await isPicture(chosen));
    setFault(isTooLarge ? t('pictureTooLarge') : isTaken ? null : t('pictureType'));
    setFile(isTaken ? chosen : null);
  };
  return (
    <Section title={t('picture')} text={t('pictureText')}>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-4">
        {file ? (
          <ChosenPicture
            key={`${file.name} ${file.size}`}
            file={file}
            onDone={async () => {
              await cache.ask();
              setFile(null);
              toast(t('pictureSaved'));
            }}
            onClose={() => setFile(null)}
          />
        ) : (
          <>
            <PersonPicture person={profile} className="size-20 text-28" />
            <div className="flex flex-wrap gap-2">
              <Button className="max-md:h-11" onClick={() => picker.current?.click()}>
                {t('choosePicture')}
              </Button>
              {profile.picture === null ? null : (
                <Button
                  tone="plain"
                  className="max-md:h-11"
                  disabled={remove.isPending}
                  onClick={() => remove.mutate()}
                >
                  {t('removePicture')}
                </Button>
              )}
            </div>
          </>
        )}
        <input
          ref={picker}
          type="file"
          accept={types.join(',')}
          aria-label={t('choosePicture')}
          className="hidden"
          onChange={(event) => {
            void choose(event.target.files?.[0]);
            // The same file can be chosen again.
            event.target.value = '';
          }}
        />
      </div>
      <p role="alert" className="pt-2 text-13 text-error empty:hidden">
        {fault}
      </p>
    </Section>
  );
}

function ChosenPicture({ file, onDone, onClose }: { file: File; onDone: () => Promise<void>; onClose: () => void }) {
  const t = useTranslations('account');
  const sentence = useFaultSentence();
  const src = useFileUrl(file);
  const [share, setShare] = useState<number | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const leaving = useRef(new AbortController());
  useEffect(() => {
    const controller = new AbortController();
    leaving.current = controller;
    return () => controller.abort();
  }, []);
  const send = async () => {
    setFault(null);
    setShare(0);
    try {
      await sendPicture(file, { onProgress: setShare, signal: leaving.current.signal });
      await onDone();
    } catch (error) {
      setShare(null);
      const reason = error instanceof PictureRefused ? error.reason : 'INTERNAL';
      setFault(reason === 'TOO_LARGE' ? t('pictureTooLarge') : sentence.ofReason(reason));
    }
  };
  return (
    <div className="grid w-full gap-3">
      <div className="flex h-56 max-w-sm items-center justify-center overflow-hidden rounded-panel bg-hover">
        {src === null ? null : (
          // A file of this machine.
          // oxlint-disable-next-line nextjs/no-img-element
          <img src={src} alt={t('picturePreview')} className="max-h-full max-w-full object-contain" />
        )}
      </div>
      <p className="max-w-sm text-13 text-quiet">{t('pictureCut')}</p>
      {share === null ? null : (
        <div className="max-w-sm">
          <progress
            aria-label={t('pictureSending')}
            max={1}
            value={share}
            className="block h-1 w-full appearance-none overflow-hidden rounded-pill bg-line [&::-moz-progress-bar]:bg-signal [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-signal"
          />
          <p className="pt-1 text-12 text-quiet">
            {share < 1 ? (
              <>
                {t('pictureSending')} <span className="figure">{Math.round(share * 100)} %</span>
              </>
            ) : (
              t('pictureDrawing')
            )}
          </p>
        </div>
      )}
      <p role="alert" className="text-13 text-error empty:hidden">
        {fault}
      </p>
      <div className="flex gap-2">
        <Button tone="signal" className="max-md:h-11" disabled={share !== null} onClick={() => void send()}>
          {t('usePicture')}
        </Button>
        <Button tone="plain" className="max-md:h-11" onClick={onClose}>
          {t('cancel')}
        </Button>
      </div>
    </div>
  );
}

/** Whether this browser can show what is in the file, whatever its name says. */
async function isPicture(file: File): Promise<boolean> {
  try {
    (await createImageBitmap(file)).close();
    return true;
  } catch {
    // It is told so in words.
    return false;
  }
}

/** An address of the file for as long as it is shown. */
function useFileUrl(file: File): string | null {
  const [src, setSrc] = useState<string | null>(null);
  useEffect(() => {
    const url = URL.createObjectURL(file);
    // The address belongs to this effect, which takes it back.
    // oxlint-disable-next-line react/set-state-in-effect
    setSrc(url);
    return () => URL.revokeObjectURL(url);
  }, [file]);
  return src;
}
