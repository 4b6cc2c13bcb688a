'use client';

import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';

import { useFocusBack } from './use-focus-back.ts';

/** A question that has to be answered before anything else goes on. */
export function Modal({
  title,
  text,
  isOpen = true,
  onClose,
  children,
}: {
  title: string;
  text?: ReactNode;
  isOpen?: boolean;
  onClose: () => void;
  children: ReactNode;
}) {
  const focusBack = useFocusBack();
  return (
    <Dialog.Root open={isOpen} onOpenChange={(next) => (next ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-veil" />
        <Dialog.Content
          {...focusBack}
          {...(text ? {} : { 'aria-describedby': undefined })}
          className="fixed top-1/2 left-1/2 z-50 max-h-[calc(100dvh-2rem)] w-[min(27rem,calc(100vw-2rem))] -translate-1/2 overflow-y-auto rounded-panel border border-line-strong bg-raised p-5 shadow-overlay"
        >
          <Dialog.Title className="pb-2 text-16 font-semibold">{title}</Dialog.Title>
          {text ? <Dialog.Description className="pb-4 text-13 text-quiet">{text}</Dialog.Description> : null}
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
