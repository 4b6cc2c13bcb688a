import type { ReactNode } from 'react';

import { AdminFrame } from '../_features/admin/frame.tsx';
import { PageMessages } from '../_lib/page-messages.tsx';

export default function AdminLayout({ children }: { children: ReactNode }) {
  return (
    <PageMessages page="/admin">
      <AdminFrame>{children}</AdminFrame>
    </PageMessages>
  );
}
