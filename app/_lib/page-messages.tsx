import 'server-only';
import { NextIntlClientProvider } from 'next-intl';
import { getMessages } from 'next-intl/server';
import type { ReactNode } from 'react';

import { AddedMessages } from './added-messages.tsx';
import { partsOf } from './message-parts.ts';
import { frameNamespaces, pageNamespaces } from './page-namespaces.ts';

/** Around everything: the words of the frame alone. All words together weigh more than most pages. */
export async function FrameMessages({ children }: { children: ReactNode }) {
  return (
    <NextIntlClientProvider messages={partsOf(await getMessages(), frameNamespaces)}>{children}</NextIntlClientProvider>
  );
}

type PageMessagesProps = { page: keyof typeof pageNamespaces; children: ReactNode };

/** Around what a page shows: the words that its parts say in the browser. */
export async function PageMessages({ page, children }: PageMessagesProps) {
  return <AddedMessages messages={partsOf(await getMessages(), pageNamespaces[page])}>{children}</AddedMessages>;
}
