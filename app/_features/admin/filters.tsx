'use client';

import { Search } from 'lucide-react';
import { useId, type ReactNode } from 'react';

import { Select } from '../../_ui/field.tsx';

type FilterProps = { label: string; value: string; onChange: (value: string) => void };

/** Words that are looked for. */
export function SearchFilter({ label, value, onChange }: FilterProps) {
  return (
    <div className="relative w-full md:w-72">
      <Search
        aria-hidden="true"
        strokeWidth={1.5}
        className="absolute top-2.5 left-2.5 size-4 text-quiet max-md:top-3.5"
      />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        maxLength={200}
        onChange={(event) => onChange(event.target.value)}
        className="h-9 w-full rounded-control border border-line-strong bg-raised pr-3 pl-8 text-13 hover:border-faint max-md:h-11"
      />
    </div>
  );
}

/** One of a few; the first child is for all. */
export function ChoiceFilter({ label, value, onChange, children }: FilterProps & { children: ReactNode }) {
  return (
    <Select
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className="w-auto max-w-full text-13 max-md:grow"
    >
      {children}
    </Select>
  );
}

/** A moment in the reader's own time; the address holds it as ISO 8601. */
export function MomentFilter({ label, value, onChange }: FilterProps) {
  const id = useId();
  return (
    <div className="flex items-center gap-1.5 text-13 text-quiet max-md:basis-full max-md:justify-between">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="datetime-local"
        value={localOf(value)}
        onChange={(event) => onChange(event.target.value === '' ? '' : new Date(event.target.value).toISOString())}
        className="figure h-9 rounded-control border border-line-strong bg-raised px-2 text-12 text-text hover:border-faint max-md:h-11"
      />
    </div>
  );
}

/** `2026-11-22T18:42`, as the field wants it. */
function localOf(iso: string): string {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) return '';
  return new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
