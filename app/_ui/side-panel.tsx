'use client';

import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { useEffect, useEffectEvent, useRef, type ReactNode } from 'react';

import { cn } from '../_lib/class-name.ts';
import { useIsPhone } from '../_lib/use-is-phone.ts';
import { IconButton } from './icon-button.tsx';
import { useFocusBack } from './use-focus-back.ts';

type SidePanelProps = {
  title: ReactNode;
  closeLabel: string;
  onClose: () => void;
  isWide?: boolean;
  children: ReactNode;
};

/** What a row opens: beside its table on a desk; on a phone over the whole of it, as a dialog that keeps the focus. Esc closes it and leads back to the row. */
export function SidePanel(props: SidePanelProps) {
  return useIsPhone() ? <PhonePanel {...props} /> : <DeskPanel {...props} />;
}

const head = 'sticky top-0 z-10 flex items-start gap-3 border-b border-line bg-raised px-5 py-3';
const titleLook = 'min-w-0 grow self-center text-16 font-semibold wrap-anywhere outline-none';

function DeskPanel({ title, closeLabel, onClose, isWide = false, children }: SidePanelProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const close = useEffectEvent(onClose);
  useEffect(() => {
    const before = document.activeElement;
    heading.current?.focus({ preventScroll: true });
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (document.querySelector('[role="dialog"], [role="menu"], [role="listbox"]')) return;
      close();
    };
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', onKey);
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <section
      aria-labelledby="side-panel-title"
      className={cn(
        'flex shrink-0 animate-rise flex-col overflow-y-auto overscroll-contain border-l border-line bg-raised',
        isWide ? 'w-[min(46rem,60vw)]' : 'w-[min(28rem,45vw)]',
      )}
    >
      <header className={head}>
        <h2 id="side-panel-title" ref={heading} tabIndex={-1} className={titleLook}>
          {title}
        </h2>
        <IconButton label={closeLabel} side="left" onClick={onClose}>
          <X aria-hidden="true" strokeWidth={1.5} />
        </IconButton>
      </header>
      <div className="px-5 pb-10">{children}</div>
    </section>
  );
}

function PhonePanel({ title, closeLabel, onClose, children }: SidePanelProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { onOpenAutoFocus, onCloseAutoFocus } = useFocusBack();
  return (
    <Dialog.Root open onOpenChange={(next) => (next ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Content
          aria-describedby={undefined}
          onOpenAutoFocus={(event) => {
            onOpenAutoFocus();
            event.preventDefault();
            heading.current?.focus({ preventScroll: true });
          }}
          onCloseAutoFocus={onCloseAutoFocus}
          onEscapeKeyDown={(event) => {
            // A list of finds closes first, by its own field.
            if (document.querySelector('[role="listbox"]')) event.preventDefault();
          }}
          // It fills the screen: only a toast stands outside of it.
          onInteractOutside={(event) => event.preventDefault()}
          className="fixed inset-0 z-40 animate-rise overflow-y-auto overscroll-contain bg-raised"
        >
          <header className={head}>
            <Dialog.Title ref={heading} tabIndex={-1} className={titleLook}>
              {title}
            </Dialog.Title>
            <IconButton label={closeLabel} side="left" className="size-11" onClick={onClose}>
              <X aria-hidden="true" strokeWidth={1.5} />
            </IconButton>
          </header>
          <div className="px-5 pb-10">{children}</div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** One matter of a panel. */
export function PanelSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="border-b border-line py-4 last:border-b-0">
      <h3 className="pb-2 text-12 font-semibold text-quiet">{title}</h3>
      {children}
    </section>
  );
}

/** Facts of a thing: word and value, line by line. */
export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[8.5rem_minmax(0,1fr)] gap-x-3 gap-y-1 py-4 text-13">
      {facts.map(([word, value]) => (
        <div key={word} className="contents">
          <dt className="text-quiet">{word}</dt>
          <dd className="min-w-0 wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
