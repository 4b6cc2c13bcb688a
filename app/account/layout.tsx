import type { ReactNode } from 'react';

import { AccountFrame } from '../_features/account/account-frame.tsx';
import { PageMessages } from '../_lib/page-messages.tsx';

export default function AccountLayout({ children }: { children: ReactNode }) {
  return (
    <PageMessages page="/account">
      <AccountFrame>{children}</AccountFrame>
    </PageMessages>
  );
}
