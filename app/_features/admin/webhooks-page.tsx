'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import type { inferRouterOutputs } from '@trpc/server';
import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';

import type { AppRouter } from '#server/api/app-router.ts';

import { useTRPC } from '../../_lib/trpc.ts';
import { useMay } from '../../_lib/use-may.ts';
import { Button } from '../../_ui/button.tsx';
import { ConfirmDialog } from '../../_ui/confirm-dialog.tsx';
import { column } from '../../_ui/data-table.tsx';
import { ShownOnce } from '../../_ui/shown-once.tsx';
import { Facts, PanelSection, SidePanel } from '../../_ui/side-panel.tsx';
import { Deliveries } from './deliveries.tsx';
import { gated, ListPage } from './list-page.tsx';
import { useAddress } from './use-address.ts';
import { useFault } from './use-fault.ts';
import { useMoment } from './use-moment.ts';
import { WebhookForm } from './webhook-form.tsx';

type Webhook = inferRouterOutputs<AppRouter>['webhooks']['list'][number];
const newId = 'new';
const blank = { id: null, url: '', description: '', events: [], enabled: true };

type Secret = { id: string; secret: string };

function Doings({
  webhook,
  onSecret,
  onRemoved,
}: {
  webhook: Webhook;
  onSecret: (made: Secret) => void;
  onRemoved: () => void;
}) {
  const t = useTranslations('admin.webhooks');
  const trpc = useTRPC();
  const fault = useFault();
  const [asked, setAsked] = useState<'rotate' | 'remove' | null>(null);
  const meta = { hasOwnWords: true };
  const ping = useMutation(trpc.webhooks.ping.mutationOptions());
  const rotate = useMutation(
    trpc.webhooks.rotateSecret.mutationOptions({
      meta,
      onSuccess: ({ webhook: { id }, secret }) => {
        setAsked(null);
        onSecret({ id, secret });
      },
    }),
  );
  const remove = useMutation(trpc.webhooks.remove.mutationOptions({ meta, onSuccess: onRemoved }));
  const { host } = new URL(webhook.url);
  const current = asked === 'rotate' ? rotate : remove;
  return (
    <div className="flex flex-wrap gap-2 py-4">
      <Button
        size="small"
        className="max-md:h-11"
        disabled={ping.isPending}
        onClick={() => ping.mutate({ id: webhook.id })}
      >
        {t('ping')}
      </Button>
      <Button size="small" className="max-md:h-11" onClick={() => setAsked('rotate')}>
        {t('rotate')}
      </Button>
      <Button size="small" tone="danger" className="max-md:h-11" onClick={() => setAsked('remove')}>
        {t('remove')}
      </Button>
      {asked ? (
        <ConfirmDialog
          key={asked}
          title={t(`ask.${asked}.title`)}
          text={t(`ask.${asked}.text`)}
          action={t(asked)}
          tone={asked === 'remove' ? 'danger' : 'signal'}
          {...(asked === 'remove' ? { typed: host } : {})}
          isBusy={current.isPending}
          error={current.isError ? fault(current.error) : undefined}
          onConfirm={() => current.mutate({ id: webhook.id })}
          onClose={() => setAsked(null)}
        />
      ) : null}
    </div>
  );
}

function Details({ webhook, secret, onSecret, onRemoved }: Parameters<typeof Doings>[0] & { secret: string | null }) {
  const t = useTranslations('admin.webhooks');
  const { may } = useMay();
  const { at } = useMoment();
  return (
    <>
      {secret === null ? null : (
        <div className="pt-4">
          <ShownOnce label={t('secret')} note={t('secretOnce')} value={secret} />
        </div>
      )}
      {may('webhook:write') ? <Doings webhook={webhook} onSecret={onSecret} onRemoved={onRemoved} /> : null}
      <PanelSection title={t('deliveries')}>
        <Deliveries endpointId={webhook.id} />
      </PanelSection>
      <PanelSection title={t('choices')}>
        {may('webhook:write') ? (
          <WebhookForm key={`${webhook.id} ${String(webhook.enabled)}`} webhook={webhook} />
        ) : null}
        <Facts
          facts={[
            [t('created'), at(webhook.createdAt)],
            ...(webhook.previousUntil ? ([[t('previousUntil'), at(webhook.previousUntil)]] as const) : []),
          ]}
        />
      </PanelSection>
    </>
  );
}

function Webhooks() {
  const t = useTranslations('admin.webhooks');
  const tAll = useTranslations('admin');
  const trpc = useTRPC();
  const { may } = useMay();
  const { openId, open, filter } = useAddress();
  const [made, setMade] = useState<Secret | null>(null);
  const list = useQuery(trpc.webhooks.list.queryOptions(undefined, { refetchInterval: 10_000 }));
  const rows = useMemo(() => list.data ?? [], [list.data]);
  const webhook = rows.find((one) => one.id === openId);
  const columns = [
    column<Webhook>('url', t('url'), (one) => one.url),
    column<Webhook>('description', t('description'), (one) => one.description),
    column<Webhook>('state', t('state'), (one) => (one.enabled ? t('on') : t('off'))),
    column<Webhook>(
      'events',
      t('events'),
      (one) => (one.events.length === 0 ? t('allEvents') : t('eventCount', { count: one.events.length })),
      {
        isSpare: true,
      },
    ),
    column<Webhook>(
      'day',
      t('day'),
      (one) => <span className="figure">{t('counts', { sent: one.sent, failed: one.failed })}</span>,
      { className: 'text-right' },
    ),
  ];
  const close = () => {
    setMade(null);
    filter({ open: null, state: null });
  };
  return (
    <ListPage
      section="webhooks"
      actions={
        may('webhook:write') ? (
          <Button tone="signal" className="max-md:h-11" onClick={() => open(newId)}>
            <Plus aria-hidden="true" strokeWidth={1.5} className="size-4" /> {t('add')}
          </Button>
        ) : null
      }
      panel={
        openId === newId ? (
          <SidePanel key={newId} title={t('add')} closeLabel={tAll('close')} onClose={close}>
            <div className="py-4">
              <WebhookForm
                webhook={blank}
                onMade={(secret) => {
                  setMade(secret);
                  open(secret.id);
                }}
              />
            </div>
          </SidePanel>
        ) : webhook ? (
          <SidePanel key={webhook.id} title={webhook.url} closeLabel={tAll('close')} onClose={close}>
            <Details
              webhook={webhook}
              secret={made?.id === webhook.id ? made.secret : null}
              onSecret={setMade}
              onRemoved={close}
            />
          </SidePanel>
        ) : null
      }
      query={list}
      rows={rows}
      rowId={(one) => one.id}
      columns={columns}
      empty={{ title: t('empty'), text: t('emptyText') }}
    />
  );
}

export const WebhooksPage = gated('webhooks', Webhooks);
