'use client';

import { ChevronDown, ListFilter } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId, useState, type ReactNode } from 'react';

import { Button } from '../../_ui/button.tsx';

/** More filters than a phone has room for stand behind a button there, which says how many of them are set. */
export function FoldedFilters({ count, children }: { count: number; children: ReactNode }) {
  const t = useTranslations('admin');
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button
        className="w-full max-md:h-11 md:hidden"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setIsOpen((was) => !was)}
      >
        <ListFilter aria-hidden="true" strokeWidth={1.5} className="size-4" />
        {count > 0 ? t('filtersSet', { count }) : t('filters')}
        <ChevronDown
          aria-hidden="true"
          strokeWidth={1.5}
          className={isOpen ? 'ml-auto size-4 rotate-180' : 'ml-auto size-4'}
        />
      </Button>
      <div
        id={id}
        className={isOpen ? 'flex w-full flex-wrap items-end gap-2 md:contents' : 'max-md:hidden md:contents'}
      >
        {children}
      </div>
    </>
  );
}
