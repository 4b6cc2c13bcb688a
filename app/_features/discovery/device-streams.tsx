'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useState, type FormEvent } from 'react';

import type { DiscoveredDevice, OnvifStream } from '#server/contracts/discovery.ts';

import { handOverCamera } from '../../_lib/camera-hand-over.ts';
import { codeOf } from '../../_lib/error-message.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { Field, TextInput } from '../../_ui/field.tsx';
import { Note } from '../../_ui/note.tsx';
import { useDiscoveryFault } from './use-discovery-fault.ts';

/** One device: its user and password, then its streams, one of which becomes a camera. */
export function DeviceStreams({ device, onBack }: { device: DiscoveredDevice; onBack: () => void }) {
  const t = useTranslations();
  const router = useRouter();
  const trpc = useTRPC();
  const faultWords = useDiscoveryFault();
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const question = useMutation(trpc.discovery.streams.mutationOptions());
  const name = device.name || device.hardware || device.address;
  const ask = (event: FormEvent) => {
    event.preventDefault();
    const [xaddr] = device.xaddrs;
    if (xaddr) question.mutate({ xaddr, user, password });
  };
  const use = (stream: OnvifStream) => {
    handOverCamera({ kind: 'rtsp', address: stream.address, user, password, name });
    router.push('/cameras/new');
  };
  const answer = question.data;
  return (
    <>
      <p className="pb-3 font-medium">
        {name} <span className="figure text-12 font-normal text-quiet">{device.address}</span>
      </p>
      <form onSubmit={ask} className="grid gap-3">
        <fieldset>
          <legend className="pb-2 text-13 text-quiet">{t('discovery.credentials')}</legend>
          <div className="grid grid-cols-2 gap-4">
            <Field label={t('form.user')} optional={t('form.optional')}>
              {(control) => (
                <TextInput
                  {...control}
                  autoComplete="off"
                  className="max-md:h-11"
                  value={user}
                  onChange={(event) => setUser(event.target.value)}
                />
              )}
            </Field>
            <Field label={t('form.password')} optional={t('form.optional')}>
              {(control) => (
                <TextInput
                  {...control}
                  type="password"
                  autoComplete="new-password"
                  className="max-md:h-11"
                  value={password}
                  onChange={(event) => setPassword(event.target.value)}
                />
              )}
            </Field>
          </div>
          <p className="pt-1 text-12 text-quiet">{t('discovery.credentialsHelp')}</p>
        </fieldset>
        <div className="flex flex-wrap gap-3">
          <Button type="submit" className="max-md:h-11" disabled={question.isPending}>
            {t(question.isPending ? 'discovery.asking' : 'discovery.ask')}
          </Button>
          <Button tone="plain" className="max-md:h-11" onClick={onBack}>
            {t('discovery.back')}
          </Button>
        </div>
      </form>
      <div aria-live="polite" className="pt-4">
        {question.isError ? (
          <Note tone="error" title={t('feeds.failed', { message: t(`error.${codeOf(question.error)}`) })} />
        ) : null}
        {answer?.found === 'fault' ? <Note tone="error" title={faultWords(answer)} /> : null}
        {answer?.found === 'streams' && answer.streams.length === 0 ? <p>{t('discovery.noStreams')}</p> : null}
      </div>
      {answer?.found === 'streams' ? (
        <ul aria-label={t('discovery.streams')}>
          {answer.streams.map((stream) => (
            <li key={stream.address + stream.profile} className="flex items-center gap-4 border-t border-line py-2">
              <p className="min-w-0 grow">
                {stream.profile}
                <span className="figure ml-3 text-12 text-quiet">
                  {[
                    stream.codec,
                    stream.width && stream.height ? `${stream.width}×${stream.height}` : null,
                    stream.fps ? `${stream.fps} fps` : null,
                  ]
                    .filter((word) => word !== null)
                    .join(' · ')}
                </span>
                <span className="figure block text-12 wrap-anywhere whitespace-normal text-quiet">
                  {stream.address}
                </span>
              </p>
              <Button size="small" className="max-md:h-11" onClick={() => use(stream)}>
                {t('discovery.use')}
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
