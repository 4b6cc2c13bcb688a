import { LimitsPage } from '../../_features/admin/limits-page.tsx';
import { adminMetadata, mustBeSignedIn } from '../admin-page.ts';

export const generateMetadata = () => adminMetadata('limits');

export default async function AdminLimits({ searchParams }: PageProps<'/admin/limits'>) {
  await mustBeSignedIn('/admin/limits', searchParams);
  return <LimitsPage />;
}
