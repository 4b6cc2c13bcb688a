import { KeysPage } from '../../_features/admin/keys-page.tsx';
import { adminMetadata, mustBeSignedIn } from '../admin-page.ts';

export const generateMetadata = () => adminMetadata('keys');

export default async function AdminKeys({ searchParams }: PageProps<'/admin/keys'>) {
  await mustBeSignedIn('/admin/keys', searchParams);
  return <KeysPage />;
}
