import { AdminHome } from '../_features/admin/home.tsx';
import { adminMetadata, mustBeSignedIn } from './admin-page.ts';

export const generateMetadata = () => adminMetadata(null);

export default async function AdminStart({ searchParams }: PageProps<'/admin'>) {
  await mustBeSignedIn('/admin', searchParams);
  return <AdminHome />;
}
