import { useLayoutEffect, type RefObject } from 'react';

/**
 * A field that is all there is to type into: has the focus from its first moment on, behind what stands in it, and takes it back where something
 * else takes it, as a menu does that gives the focus back only when it has closed.
 */
export function useKeptFocus(field: RefObject<HTMLInputElement | null>, isOn: boolean): void {
  useLayoutEffect(() => {
    const input = field.current;
    if (!isOn || !input) return undefined;
    const take = () => input.focus({ preventScroll: true });
    take();
    input.setSelectionRange(input.value.length, input.value.length);
    const takeBack = (event: FocusEvent) => {
      if (event.target !== input) take();
    };
    document.addEventListener('focusin', takeBack);
    return () => document.removeEventListener('focusin', takeBack);
  }, [field, isOn]);
}
