'use client';

import { Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useEffectEvent, useId, useRef, useState, type KeyboardEvent } from 'react';

import { cn } from '../../_lib/class-name.ts';
import { Keys } from '../../_ui/hint.tsx';
import { nothingBegun, type BegunSearch } from './begun-search.ts';
import { useFindEntries, type FindEntry } from './find-entries.tsx';
import { useKeptFocus } from './use-kept-focus.ts';

type FinderProps = {
  isOpen: boolean;
  onDone: () => void;
  /** `field`: stands on the page, and its list opens below it. */
  shape: 'palette' | 'field';
  /** Typed before this was there. */
  begun?: BegunSearch;
};

function FinderList({
  id,
  entries,
  at,
  isFetching,
  query,
  onChoose,
  onRun,
}: {
  id: string;
  entries: readonly FindEntry[];
  at: number;
  isFetching: boolean;
  query: string;
  onChoose: (index: number) => void;
  onRun: (entry: FindEntry) => void;
}) {
  const t = useTranslations('palette');
  return (
    // A combobox whose input keeps the focus (ARIA practices): no element of HTML does that.
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
    <div id={`${id}-list`} role="listbox" aria-label={t('title')} className="max-h-[50vh] overflow-y-auto p-2">
      {entries.map((entry, index) => (
        <div key={entry.key} role="presentation">
          {entries[index - 1]?.group === entry.group ? null : (
            <p role="presentation" className="px-2 pt-2 pb-1 text-12 text-quiet">
              {t(entry.group)}
            </p>
          )}
          {/* The combobox keeps the focus: keys are handled there. */}
          {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events */}
          <div
            id={`${id}-${entry.key}`}
            // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onPointerMove={() => onChoose(index)}
            // The field would lose the focus, and with it its list, before the click arrives.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onRun(entry)}
            className={cn(
              'flex h-11 cursor-pointer items-center gap-3 rounded-control px-2 md:h-10',
              index === at && 'bg-hover',
            )}
          >
            <span className="flex w-4 justify-center">{entry.icon}</span>
            <span className="truncate">{entry.title}</span>
            <span className="ml-auto truncate text-13 text-quiet">{entry.note}</span>
          </div>
        </div>
      ))}
      {entries.length === 0 && !isFetching ? (
        <p className="px-2 py-6 text-center text-quiet">{t('nothing', { query })}</p>
      ) : null}
      {entries.some(({ group }) => group === 'places') ? (
        <p role="presentation" className="px-2 pt-2 pb-0.5 text-12 text-quiet">
          {t('credit')}
        </p>
      ) : null}
    </div>
  );
}

/** The field and what it finds. */
export function Finder({ isOpen, onDone, shape, begun = nothingBegun }: FinderProps) {
  const t = useTranslations('palette');
  const [query, setQuery] = useState(begun.query);
  const [isEntered, setIsEntered] = useState(begun.isEntered);
  const [chosen, setChosen] = useState(0);
  const id = useId();
  const { entries, isFetching } = useFindEntries(query.trim(), isOpen);
  const at = Math.min(chosen, Math.max(0, entries.length - 1));
  const run = (entry: FindEntry | undefined) => {
    if (!entry) return;
    setQuery('');
    setChosen(0);
    onDone();
    entry.run();
  };
  // Enter came before anything was found: the first find is meant.
  const isDue = isEntered && (entries.length > 0 || !isFetching);
  // Who left meant nothing any more.
  if (isEntered && !isOpen) setIsEntered(false);
  const runEntered = useEffectEvent(() => {
    setIsEntered(false);
    run(entries[at]);
  });
  useEffect(() => {
    if (!isDue) return undefined;
    const timer = setTimeout(() => runEntered());
    return () => clearTimeout(timer);
  }, [isDue]);
  const input = useRef<HTMLInputElement>(null);
  useKeptFocus(input, shape === 'palette' && isOpen);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && entries.length > 0) {
      event.preventDefault();
      setChosen((at + step + entries.length) % entries.length);
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      if (entries.length > 0) run(entries[at]);
      else setIsEntered(true);
    }
    if (event.key === 'Escape' && shape === 'field') {
      event.preventDefault();
      setQuery('');
      setIsEntered(false);
      onDone();
    }
  };
  const isField = shape === 'field';
  return (
    <>
      <div className={cn('flex items-center gap-3', isField ? 'h-11 px-3 md:h-10' : 'border-b border-line px-4')}>
        {isField ? <Search aria-hidden="true" strokeWidth={1.5} className="size-4 shrink-0 text-quiet" /> : null}
        <input
          ref={input}
          role="combobox"
          aria-expanded={isOpen}
          aria-controls={`${id}-list`}
          aria-activedescendant={isOpen && entries[at] ? `${id}-${entries[at].key}` : undefined}
          aria-autocomplete="list"
          aria-label={t('title')}
          placeholder={t('placeholder')}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setIsEntered(false);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
          className={cn('min-w-0 grow bg-transparent outline-none', isField ? 'h-full text-14' : 'h-13 text-16')}
        />
        <span aria-hidden="true" className={cn(isField && 'hidden md:block')}>
          <Keys text={isField && !isOpen ? '⌘K' : 'Esc'} />
        </span>
      </div>
      {isOpen ? (
        <div
          className={cn(
            isField &&
              'absolute inset-x-0 top-full z-40 mt-1 overflow-hidden rounded-panel border border-line-strong bg-raised shadow-overlay',
          )}
        >
          <FinderList
            id={id}
            entries={entries}
            at={at}
            isFetching={isFetching}
            query={query}
            onChoose={setChosen}
            onRun={run}
          />
        </div>
      ) : null}
    </>
  );
}
