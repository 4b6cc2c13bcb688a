import { AuditPage } from '../../_features/admin/audit-page.tsx';
import { adminMetadata, mustBeSignedIn } from '../admin-page.ts';

export const generateMetadata = () => adminMetadata('audit');

export default async function AdminAudit({ searchParams }: PageProps<'/admin/audit'>) {
  await mustBeSignedIn('/admin/audit', searchParams);
  return <AuditPage />;
}
