'use client';

import { Tabs } from 'radix-ui';
import { useState } from 'react';

import { copyAddress } from '../../_lib/copy-address.ts';

const languages = [
  { id: 'curl', label: 'curl' },
  { id: 'typescript', label: 'TypeScript' },
  { id: 'python', label: 'Python' },
] as const;

type Snippets = Record<(typeof languages)[number]['id'], string>;

export function Snippets({
  label,
  copy,
  copied,
  snippets,
}: {
  label: string;
  copy: string;
  copied: string;
  snippets: Snippets;
}) {
  const [language, setLanguage] = useState<keyof Snippets>('curl');
  const [copiedText, setCopiedText] = useState('');
  const text = snippets[language];
  return (
    <Tabs.Root
      value={language}
      onValueChange={(value) => setLanguage(languages.find(({ id }) => id === value)?.id ?? 'curl')}
      className="overflow-hidden rounded-panel border border-line bg-raised"
    >
      <div className="flex items-center justify-between border-b border-line pr-1">
        <Tabs.List aria-label={label} className="flex">
          {languages.map(({ id, label: name }) => (
            <Tabs.Trigger
              key={id}
              value={id}
              className="px-3 py-2 text-13 text-quiet hover:text-text data-[state=active]:text-text data-[state=active]:underline data-[state=active]:underline-offset-8 max-md:min-h-11"
            >
              {name}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <button
          type="button"
          onClick={() => {
            void copyAddress(text).then((isCopied) => setCopiedText(isCopied ? text : ''));
          }}
          className="rounded-control px-2 py-1 text-12 text-quiet hover:text-text max-md:min-h-11"
        >
          <span aria-live="polite">{copiedText === text ? copied : copy}</span>
        </button>
      </div>
      {languages.map(({ id }) => (
        <Tabs.Content key={id} value={id} tabIndex={-1}>
          <pre
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, and the keyboard must reach that
            tabIndex={0}
            aria-label={label}
            className="overflow-auto p-3 font-mono text-12"
          >
            {snippets[id]}
          </pre>
        </Tabs.Content>
      ))}
    </Tabs.Root>
  );
}
