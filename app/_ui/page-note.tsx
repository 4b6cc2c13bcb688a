import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/** The middle of a page that has nothing else to show: empty, failed, not found. */
export function PageNote({
  icon: Icon,
  title,
  level = 2,
  children,
  actions,
}: {
  icon: LucideIcon;
  title: string;
  /** 1 where the note is the whole page. */
  level?: 1 | 2;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  const Heading = `h${level}` as const;
  return (
    <div className="flex min-h-[50vh] flex-col items-center justify-center px-6 py-16 text-center">
      <Icon aria-hidden="true" strokeWidth={1.25} className="mb-5 size-10 text-faint" />
      <Heading className="mb-2 text-20 font-semibold">{title}</Heading>
      <div className="mb-6 max-w-md text-14 text-quiet">{children}</div>
      <div className="flex flex-wrap items-center justify-center gap-3">{actions}</div>
    </div>
  );
}
