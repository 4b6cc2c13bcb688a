import { useSyncExternalStore } from 'react';

/** As Tailwind's `max-md`. */
const phone = '(width < 48rem)';

const watch = (onChange: () => void) => {
  const query = window.matchMedia(phone);
  query.addEventListener('change', onChange);
  return () => query.removeEventListener('change', onChange);
};

/** For what is another thing on a phone, not only laid out otherwise; a server's page is a desk's. */
export const useIsPhone = (): boolean =>
  useSyncExternalStore(
    watch,
    () => window.matchMedia(phone).matches,
    () => false,
  );
