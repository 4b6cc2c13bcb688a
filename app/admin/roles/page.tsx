import { RolesPage } from '../../_features/admin/roles-page.tsx';
import { adminMetadata, mustBeSignedIn } from '../admin-page.ts';

export const generateMetadata = () => adminMetadata('roles');

export default async function AdminRoles({ searchParams }: PageProps<'/admin/roles'>) {
  await mustBeSignedIn('/admin/roles', searchParams);
  return <RolesPage />;
}
