import { SettingsPage } from '../../_features/admin/settings-page.tsx';
import { adminMetadata, mustBeSignedIn } from '../admin-page.ts';

export const generateMetadata = () => adminMetadata('settings');

export default async function AdminSettings({ searchParams }: PageProps<'/admin/settings'>) {
  await mustBeSignedIn('/admin/settings', searchParams);
  return <SettingsPage />;
}
