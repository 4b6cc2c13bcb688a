'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState, type FormEvent } from 'react';

import { webhookEvent, webhookInput, type WebhookEvent } from '#server/contracts/outbox.ts';

import { useTRPC } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { Field, TextInput } from '../../_ui/field.tsx';
import { SwitchRow } from '../../_ui/switch-row.tsx';
import { useFault } from './use-fault.ts';

export interface WebhookValues {
  id: string | null;
  url: string;
  description: string;
  events: readonly string[];
  enabled: boolean;
}

/** Ping is sent by hand, to whoever is asked. */
const choosable = webhookEvent.options.filter((event) => event !== 'ping');

type WebhookFormProps = { webhook: WebhookValues; onMade?: (made: { id: string; secret: string }) => void };

/** Where events are told to, and which. */
export function WebhookForm({ webhook, onMade }: WebhookFormProps) {
  const t = useTranslations('admin.webhooks');
  const trpc = useTRPC();
  const fault = useFault();
  const [url, setUrl] = useState(webhook.url);
  const [description, setDescription] = useState(webhook.description);
  const [enabled, setEnabled] = useState(webhook.enabled);
  const [events, setEvents] = useState<readonly WebhookEvent[]>(
    webhook.events.flatMap((event) => webhookEvent.safeParse(event).data ?? []),
  );
  const meta = { hasOwnWords: true };
  const create = useMutation(
    trpc.webhooks.create.mutationOptions({
      meta,
      onSuccess: (made) => onMade?.({ id: made.webhook.id, secret: made.secret }),
    }),
  );
  const update = useMutation(trpc.webhooks.update.mutationOptions({ meta }));
  const saving = webhook.id === null ? create : update;
  const isUrlGood = webhookInput.shape.url.safeParse(url.trim()).success;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isUrlGood) return;
    const input = { url: url.trim(), description: description.trim(), events: [...events], enabled };
    if (webhook.id === null) create.mutate(input);
    else update.mutate({ id: webhook.id, ...input });
  };
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <Field label={t('url')} help={t('urlHelp')} error={url.trim() === '' || isUrlGood ? undefined : t('urlError')}>
        {(control) => (
          <TextInput
            {...control}
            type="url"
            maxLength={2000}
            value={url}
            onChange={(event) => setUrl(event.target.value)}
          />
        )}
      </Field>
      <Field label={t('description')} optional={t('optional')}>
        {(control) => (
          <TextInput
            {...control}
            maxLength={200}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
          />
        )}
      </Field>
      <fieldset>
        <legend className="text-13 font-medium">{t('events')}</legend>
        <p className="pb-1 text-12 text-quiet">{t('eventsHelp')}</p>
        <div className="grid grid-cols-2 gap-x-4">
          {choosable.map((event) => (
            <label key={event} className="flex min-h-8 items-center gap-2 text-13 max-md:min-h-11">
              <input
                type="checkbox"
                className="size-4 accent-signal"
                checked={events.includes(event)}
                onChange={(change) =>
                  setEvents(change.target.checked ? [...events, event] : events.filter((one) => one !== event))
                }
              />
              <span className="figure text-12">{event}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <SwitchRow label={t('enabled')} help={t('enabledHelp')} isOn={enabled} onChange={setEnabled} />
      {saving.isError ? (
        <p role="alert" className="text-13 text-error">
          {fault(saving.error)}
        </p>
      ) : null}
      <Button
        type="submit"
        tone="signal"
        className="justify-self-start max-md:h-11"
        disabled={!isUrlGood || saving.isPending}
      >
        {webhook.id === null ? t('create') : t('save')}
      </Button>
    </form>
  );
}
