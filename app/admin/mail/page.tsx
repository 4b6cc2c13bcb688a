import { MailPage } from '../../_features/admin/mail-page.tsx';
import { adminMetadata, mustBeSignedIn } from '../admin-page.ts';

export const generateMetadata = () => adminMetadata('mail');

export default async function AdminMail({ searchParams }: PageProps<'/admin/mail'>) {
  await mustBeSignedIn('/admin/mail', searchParams);
  return <MailPage />;
}
