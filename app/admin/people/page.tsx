import { PeoplePage } from '../../_features/admin/people-page.tsx';
import { adminMetadata, mustBeSignedIn } from '../admin-page.ts';

export const generateMetadata = () => adminMetadata('people');

export default async function AdminPeople({ searchParams }: PageProps<'/admin/people'>) {
  await mustBeSignedIn('/admin/people', searchParams);
  return <PeoplePage />;
}
