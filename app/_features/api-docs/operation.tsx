import { getTranslations } from 'next-intl/server';

import { Marked } from './introduction.tsx';
import { MethodMark } from './method-mark.tsx';
import type { OperationView } from './read-document.ts';
import { SchemaPart, TypeWord } from './schema-part.tsx';
import { Snippets } from './snippet-tabs.tsx';
import { snippetsOf } from './snippets.ts';

/** One operation: what it does, who may, what goes in, what comes out. */
export async function Operation({ operation, base }: { operation: OperationView; base: string }) {
  const t = await getTranslations('apiDocs');
  const { id, method, path, summary, description, permission, parameters, body, answer, errors } = operation;
  return (
    <article
      id={id}
      aria-labelledby={`${id}-title`}
      data-api-operation={`${method} ${path} ${summary} ${id}`.toLowerCase()}
      // Some 120 of them stand on the page: the browser lays out those that are near.
      className="scroll-mt-6 border-t border-line pt-6 mt-8 [content-visibility:auto] [contain-intrinsic-size:auto_40rem]"
    >
      <h3 id={`${id}-title`} className="text-16 font-semibold">
        <a href={`#${id}`} className="hover:underline">
          {summary}
        </a>
      </h3>
      <p className="mt-1 flex flex-wrap items-baseline gap-2 font-mono text-13">
        <MethodMark method={method} />
        <span className="break-all">
          {base}
          {path}
        </span>
        <span className="text-quiet">{permissionWord(permission, t)}</span>
      </p>
      <div className="mt-4 grid gap-8 xl:grid-cols-2">
        <div className="min-w-0">
          {description === '' ? null : (
            <p className="text-14 whitespace-pre-line text-quiet">
              <Marked text={description} />
            </p>
          )}
          {parameters.length > 0 ? (
            <Part title={t('parameters')}>
              <ul>
                {parameters.map((one) => (
                  <li key={one.name} className="border-b border-line py-2 text-13">
                    <span className="font-mono">{one.name}</span> <TypeWord schema={one.schema} />
                    <span className="text-quiet">
                      {' '}
                      · {t(`where.${one.where}`)}
                      {one.required ? ` · ${t('required')}` : ''}
                    </span>
                    {one.description ? (
                      <span className="block text-quiet">
                        <Marked text={one.description} />
                      </span>
                    ) : null}
                  </li>
                ))}
              </ul>
            </Part>
          ) : null}
          {body ? (
            <Part title={t('body')} note={body.types.join(', ')}>
              <SchemaPart schema={body.schema} />
            </Part>
          ) : null}
          <Part title={t('answer', { status: answer.status })} note={answer.description}>
            {answer.schema ? (
              <SchemaPart schema={answer.schema} />
            ) : (
              <p className="text-13 text-quiet">{t('noBody')}</p>
            )}
          </Part>
          <Part title={t('errors')}>
            <ul className="text-13">
              {errors.map(({ status, description: words }) => (
                <li key={status} className="flex gap-3 py-1">
                  <span className="font-mono">{status}</span>
                  <span className="text-quiet">
                    <Marked text={words} />
                  </span>
                </li>
              ))}
            </ul>
          </Part>
        </div>
        <div className="min-w-0">
          <Snippets
            label={t('snippet', { summary })}
            copy={t('copy')}
            copied={t('copied')}
            snippets={snippetsOf(operation, base)}
          />
          {answer.schema ? (
            <Part title={t('example')}>
              <pre
                // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, and the keyboard must reach that
                tabIndex={0}
                aria-label={t('exampleOf', { summary })}
                className="max-h-96 overflow-auto rounded-panel border border-line bg-raised p-3 font-mono text-12"
              >
                {JSON.stringify(answer.example, null, 2)}
              </pre>
            </Part>
          ) : null}
        </div>
      </div>
    </article>
  );
}

function permissionWord(permission: string, t: Awaited<ReturnType<typeof getTranslations<'apiDocs'>>>): string {
  if (permission === 'public') return t('forAnybody');
  return permission === 'account' ? t('forSignedIn') : permission;
}

function Part({ title, note, children }: { title: string; note?: string; children: React.ReactNode }) {
  return (
    <section className="mt-5">
      <h4 className="mb-1 text-13 font-semibold">
        {title} {note ? <span className="font-normal text-quiet">{note}</span> : null}
      </h4>
      {children}
    </section>
  );
}
