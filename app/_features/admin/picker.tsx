'use client';

import { useId, useState } from 'react';

import { TextInput } from '../../_ui/field.tsx';

type PickerProps = {
  label: string;
  placeholder: string;
  none: string;
  /** What was found for the words. */
  found: readonly { id: string; name: string }[];
  query: string;
  onQuery: (words: string) => void;
  chosen: { id: string; name: string } | null;
  onChoose: (one: { id: string; name: string }) => void;
};

/** One of many, found by words: a combobox (ARIA 1.2) with a short list under it. */
export function Picker({ label, placeholder, none, found, query, onQuery, chosen, onChoose }: PickerProps) {
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  const [at, setAt] = useState(0);
  const choose = (one: { id: string; name: string } | undefined) => {
    if (!one) return;
    onChoose(one);
    setIsOpen(false);
  };
  return (
    <div className="relative">
      <TextInput
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
        role="combobox"
        aria-label={label}
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        {...(isOpen && found[at] ? { 'aria-activedescendant': `${id}-${at}` } : {})}
        autoComplete="off"
        placeholder={placeholder}
        value={query}
        onFocus={() => setIsOpen(chosen === null)}
        onBlur={() => setIsOpen(false)}
        onChange={(event) => {
          onQuery(event.target.value);
          setAt(0);
          setIsOpen(true);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && isOpen) {
            event.preventDefault();
            setIsOpen(false);
          }
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (step !== undefined) {
            event.preventDefault();
            setIsOpen(true);
            setAt((before) => Math.min(found.length - 1, Math.max(0, before + step)));
          }
          if (event.key === 'Enter' && isOpen) {
            event.preventDefault();
            choose(found[at]);
          }
        }}
      />
      {isOpen ? (
        <div
          id={`${id}-list`}
          // A list under a field of one's own words, as ARIA's combobox has it.
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
          role="listbox"
          aria-label={label}
          className="absolute inset-x-0 top-full z-20 mt-1 max-h-64 overflow-y-auto rounded-control border border-line-strong bg-raised p-1 shadow-overlay"
        >
          {found.map((one, index) => (
            <div
              key={one.id}
              id={`${id}-${index}`}
              // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              // Before the field loses the focus, which would close the list.
              onPointerDown={(event) => {
                event.preventDefault();
                choose(one);
              }}
              className="flex min-h-8 cursor-pointer items-center rounded-[4px] px-2 text-13 hover:bg-hover aria-selected:bg-hover max-md:min-h-11"
            >
              {one.name}
            </div>
          ))}
          {found.length === 0 ? (
            <p role="presentation" className="px-2 py-1 text-13 text-quiet">
              {none}
            </p>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}
