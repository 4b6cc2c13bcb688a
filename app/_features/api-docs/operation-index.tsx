'use client';

import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';

import { TextInput } from '../../_ui/field.tsx';
import { MethodMark } from './method-mark.tsx';

interface Entry {
  id: string;
  method: string;
  path: string;
  summary: string;
}

/** All operations by tag, narrowed by what is typed. On a phone it stands above the page and is folded. */
export function OperationIndex({ tags }: { tags: { name: string; operations: Entry[] }[] }) {
  const t = useTranslations('apiDocs');
  const [words, setWords] = useState('');
  const id = useId();
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const isWanted = ({ id: name, method, path, summary }: Entry) =>
    wanted.every((word) => `${method} ${path} ${summary} ${name}`.toLowerCase().includes(word));
  const shown = tags
    .map((tag) => ({ ...tag, operations: tag.operations.filter(isWanted) }))
    .filter(({ operations }) => operations.length > 0);
  const count = shown.reduce((sum, { operations }) => sum + operations.length, 0);
  return (
    <nav
      aria-label={t('operations')}
      className="text-13 max-lg:mb-8 lg:sticky lg:top-6 lg:h-[calc(100dvh-3rem)] lg:overflow-y-auto lg:pr-2"
    >
      <label htmlFor={id} className="mb-1 block text-13 font-medium">
        {t('search')}
      </label>
      <TextInput
        id={id}
        type="search"
        value={words}
        onChange={(event) => setWords(event.target.value)}
        placeholder={t('searchExample')}
        autoComplete="off"
        spellCheck={false}
      />
      <p aria-live="polite" className="py-2 text-12 text-quiet">
        {count > 0 ? t('found', { count }) : t('foundNone')}
      </p>
      <div className={words === '' ? 'max-lg:hidden' : ''}>
        {shown.map(({ name, operations }) => (
          <div key={name} className="mb-4">
            <a href={`#tag-${name}`} className="block py-1 font-semibold hover:underline max-md:py-2">
              {name}
            </a>
            <ul>
              {operations.map(({ id: operation, method, summary, path }) => (
                <li key={operation}>
                  <a
                    href={`#${operation}`}
                    title={`${method} ${path}`}
                    className="flex items-baseline justify-between gap-2 rounded-control py-1 text-quiet hover:text-text max-md:min-h-11 max-md:items-center"
                  >
                    <span>{summary}</span>
                    <MethodMark method={method} />
                  </a>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </nav>
  );
}
