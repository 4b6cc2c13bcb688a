import { InvitationsPage } from '../../_features/admin/invitations-page.tsx';
import { adminMetadata, mustBeSignedIn } from '../admin-page.ts';

export const generateMetadata = () => adminMetadata('invitations');

export default async function AdminInvitations({ searchParams }: PageProps<'/admin/invitations'>) {
  await mustBeSignedIn('/admin/invitations', searchParams);
  return <InvitationsPage />;
}
