'use client';

import { NextIntlClientProvider, useLocale, useMessages } from 'next-intl';
import { useMemo, type ReactNode } from 'react';

import { joined, type SomeMessages } from './message-parts.ts';

/** Words beside those that the frame brought. */
export function AddedMessages({ messages, children }: { messages: SomeMessages; children: ReactNode }) {
  const locale = useLocale();
  const before = useMessages();
  const all = useMemo(() => joined(before, messages), [before, messages]);
  return (
    <NextIntlClientProvider locale={locale} messages={all}>
      {children}
    </NextIntlClientProvider>
  );
}
