import { getLocale, getTranslations } from 'next-intl/server';

import { inJapanese } from './in-japanese.ts';
import { Introduction } from './introduction.tsx';
import { OperationIndex } from './operation-index.tsx';
import { Operation } from './operation.tsx';
import type { DocumentView } from './read-document.ts';
import { SchemaPart } from './schema-part.tsx';

/** The API to be read: made on the server from the same document that machines read. */
export async function ApiDocsPage({ document: english }: { document: DocumentView }) {
  const document = (await getLocale()) === 'ja' ? inJapanese(english) : english;
  const t = await getTranslations('apiDocs');
  return (
    <div className="mx-auto grid w-full max-w-7xl gap-x-10 px-5 pt-8 pb-24 lg:grid-cols-[15rem_minmax(0,1fr)]">
      <OperationIndex
        tags={document.tags.map(({ name, operations }) => ({
          name,
          operations: operations.map(({ id, method, path, summary }) => ({ id, method, path, summary })),
        }))}
      />
      <main className="min-w-0">
        <header className="mb-10">
          <h1 className="text-28 font-semibold">{t('title')}</h1>
          <p className="mt-2 max-w-2xl text-14 text-quiet">{t('lead')}</p>
          <p className="mt-3 flex flex-wrap gap-x-5 gap-y-1 text-13">
            <span className="font-mono text-quiet">{t('version', { version: document.version })}</span>
            {/* oxlint-disable-next-line next/no-html-link-for-pages -- a file, no page */}
            <a href="/api/openapi.json" className="text-signal underline-offset-4 hover:underline">
              {t('openapi')}
            </a>
          </p>
        </header>
        <Introduction text={document.introduction} />
        {document.tags.map(({ name, description, operations }) => (
          <section key={name} id={`tag-${name}`} aria-labelledby={`tag-${name}-title`} className="mt-14">
            <h2 id={`tag-${name}-title`} className="text-20 font-semibold">
              {name}
            </h2>
            <p className="mt-1 text-14 text-quiet">{description}</p>
            {operations.map((operation) => (
              <Operation key={operation.id} operation={operation} base={document.base} />
            ))}
          </section>
        ))}
        <section aria-labelledby="schemas" className="mt-14">
          <h2 id="schemas" className="text-20 font-semibold">
            {t('schemas')}
          </h2>
          {document.schemas.map(({ name, schema }) => (
            <details key={name} id={`schema-${name}`} className="border-b border-line py-3">
              <summary className="cursor-pointer font-mono text-14 max-md:min-h-11 max-md:py-2">{name}</summary>
              <SchemaPart schema={schema} />
            </details>
          ))}
        </section>
      </main>
    </div>
  );
}
