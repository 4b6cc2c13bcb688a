import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';

import openapi from '../../../docs/api/openapi.json' with { type: 'json' };
import { ApiDocsPage } from '../../_features/api-docs/api-docs-page.tsx';
import { readDocument } from '../../_features/api-docs/read-document.ts';
import { PageMessages } from '../../_lib/page-messages.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('apiDocs');
  return { title: t('title'), description: t('lead') };
}

export default function ApiPage() {
  return (
    <PageMessages page="/docs/api">
      <ApiDocsPage document={readDocument(openapi)} />
    </PageMessages>
  );
}
