import { useRef } from 'react';

/** For a dialog that no trigger of its own opened, and which does not know by itself who had the focus before: they get it again. */
export function useFocusBack() {
  const before = useRef<Element | null>(null);
  return {
    onOpenAutoFocus: () => {
      before.current = document.activeElement;
    },
    onCloseAutoFocus: (event: Event) => {
      const { current } = before;
      if (!(current instanceof HTMLElement)) return;
      event.preventDefault();
      if (current.isConnected) current.focus({ preventScroll: true });
    },
  };
}
