import { WebhooksPage } from '../../_features/admin/webhooks-page.tsx';
import { adminMetadata, mustBeSignedIn } from '../admin-page.ts';

export const generateMetadata = () => adminMetadata('webhooks');

export default async function AdminWebhooks({ searchParams }: PageProps<'/admin/webhooks'>) {
  await mustBeSignedIn('/admin/webhooks', searchParams);
  return <WebhooksPage />;
}
