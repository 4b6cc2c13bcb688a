'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { Radar } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';

import type { DiscoveredDevice } from '#server/contracts/discovery.ts';

import { codeOf } from '../../_lib/error-message.ts';
import { formatDuration } from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { Note } from '../../_ui/note.tsx';
import { RunProgress } from '../../_ui/run-progress.tsx';
import { DeviceStreams } from './device-streams.tsx';
import { useDiscoveryFault } from './use-discovery-fault.ts';

const listenMs = 5500;

function Calling() {
  const t = useTranslations('discovery');
  const locale = useLocale();
  const [elapsedMs, setElapsedMs] = useState(0);
  useEffect(() => {
    const begunMs = Date.now();
    const timer = setInterval(() => setElapsedMs(Date.now() - begunMs), 200);
    return () => clearInterval(timer);
  }, []);
  const words = t('searching', { elapsed: formatDuration(elapsedMs, locale) });
  return (
    <div className="pb-4">
      <RunProgress label={t('title')} done={Math.min(elapsedMs, listenMs)} total={listenMs}>
        <span className="figure">{words}</span>
      </RunProgress>
    </div>
  );
}

/** Cameras of the own network: called, chosen, asked for their streams, handed to the camera's form. */
export function DiscoveryPanel() {
  const t = useTranslations();
  const trpc = useTRPC();
  const faultWords = useDiscoveryFault();
  const allowed = useQuery(trpc.discovery.allowed.queryOptions());
  const search = useMutation(trpc.discovery.devices.mutationOptions());
  const [chosen, setChosen] = useState<DiscoveredDevice | null>(null);
  if (allowed.data === false) {
    return <Note title={t('discovery.forbidden')}>{t('discovery.forbiddenText')}</Note>;
  }
  if (chosen) return <DeviceStreams device={chosen} onBack={() => setChosen(null)} />;
  const answer = search.data;
  return (
    <>
      <p className="pb-3 text-13 text-quiet">{t('discovery.text')}</p>
      {search.isPending ? <Calling /> : null}
      <div aria-live="polite">
        {search.isError ? (
          <Note
            tone="error"
            className="mb-4"
            title={t('feeds.failed', { message: t(`error.${codeOf(search.error)}`) })}
          />
        ) : null}
        {answer?.found === 'fault' ? <Note tone="error" className="mb-4" title={faultWords(answer)} /> : null}
        {answer?.found === 'devices' ? (
          <p className="pb-2">
            {answer.devices.length === 0 ? t('discovery.none') : t('discovery.found', { count: answer.devices.length })}
          </p>
        ) : null}
      </div>
      {answer?.found === 'devices' ? (
        <ul className="pb-4">
          {answer.devices.map((device) => {
            const name = device.name || device.hardware || device.address;
            return (
              <li
                key={device.address + device.xaddrs.join(' ')}
                className="flex items-center gap-4 border-t border-line py-2"
              >
                <p className="min-w-0 grow wrap-break-word">
                  {name}
                  <span className="figure block text-12 text-quiet">
                    {[device.address, device.hardware].filter((word) => word !== '' && word !== name).join(' · ')}
                  </span>
                </p>
                <Button
                  size="small"
                  className="max-md:h-11"
                  aria-label={t('discovery.choose', { name })}
                  onClick={() => setChosen(device)}
                >
                  {t('discovery.useDevice')}
                </Button>
              </li>
            );
          })}
        </ul>
      ) : null}
      <Button className="max-md:h-11" disabled={search.isPending || !allowed.data} onClick={() => search.mutate()}>
        <Radar aria-hidden="true" strokeWidth={1.5} className="size-4" />
        {t(answer ? 'discovery.again' : 'discovery.search')}
      </Button>
    </>
  );
}
