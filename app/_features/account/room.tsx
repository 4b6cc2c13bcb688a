import type { ReactNode } from 'react';

/** One page of the account. */
export function Room({ title, text, children }: { title: string; text?: ReactNode; children: ReactNode }) {
  return (
    <>
      <header className="pt-6 pb-5">
        <h1 className="text-20 font-semibold">{title}</h1>
        {text ? <p className="text-quiet">{text}</p> : null}
      </header>
      {children}
    </>
  );
}

/** One matter of a page, with what is done about it at the side of its name. */
export function Section({
  title,
  text,
  action,
  children,
}: {
  title: string;
  text?: ReactNode;
  action?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <section aria-label={title} className="border-t border-line py-6">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
        <div className="min-w-0 grow basis-64">
          <h2 className="text-16 font-semibold">{title}</h2>
          {text ? <div className="pt-0.5 text-13 text-quiet">{text}</div> : null}
        </div>
        {action}
      </div>
      {children ? <div className="pt-4">{children}</div> : null}
    </section>
  );
}
