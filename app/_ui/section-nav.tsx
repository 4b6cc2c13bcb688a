'use client';

import type { LucideIcon } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useEffect, useRef, type ReactNode } from 'react';

import { cn } from '../_lib/class-name.ts';

type SectionNavProps = {
  label: string;
  /** Above the sections on a desk. */
  title: ReactNode;
  sections: readonly { href: string; word: string; icon: LucideIcon }[];
  className?: string;
};

/** The sections of a part of the house: a quiet column at the side; on a phone a row that scrolls to the one shown. */
export function SectionNav({ label, title, sections, className }: SectionNavProps) {
  const path = usePathname();
  const row = useRef<HTMLElement>(null);
  // Which sections somebody has may be known later than the page.
  const isThere = sections.some(({ href }) => href === path);
  // The row of a phone is wider than its screen: the section one is in is not to be outside of it.
  useEffect(() => {
    if (!isThere) return;
    const here = [...(row.current?.querySelectorAll('a') ?? [])].find((link) => link.getAttribute('href') === path);
    here?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [path, isThere]);
  return (
    <nav
      ref={row}
      aria-label={label}
      className={cn(
        'flex gap-1 border-line max-md:overflow-x-auto max-md:border-b max-md:px-3 max-md:py-1 md:shrink-0 md:flex-col',
        className,
      )}
    >
      {title}
      {sections.map(({ href, word, icon: Icon }) => (
        <Link
          key={href}
          href={href}
          aria-current={path === href ? 'page' : undefined}
          className={cn(
            'flex h-9 shrink-0 items-center gap-2.5 rounded-control px-3 text-13 text-quiet transition-colors hover:bg-hover hover:text-text max-md:h-11',
            path === href && 'bg-hover font-medium text-text',
          )}
        >
          <Icon aria-hidden="true" strokeWidth={1.5} className="size-4 shrink-0" />
          {word}
        </Link>
      ))}
    </nav>
  );
}
