'use client';

import type { ReactNode } from 'react';
import { createPortal } from 'react-dom';

/** As long as it is there, the browser prints this and nothing of the page. Not to be seen on the screen. */
export function PrintSheet({ children }: { children: ReactNode }) {
  return createPortal(<div className="print-sheet">{children}</div>, document.body);
}
