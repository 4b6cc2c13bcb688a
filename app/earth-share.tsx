import { useLocale, useTranslations } from 'next-intl';

import type { CameraView } from '#server/contracts/camera.ts';

import { ShareDialog } from './_features/earth/share-dialog.tsx';
import { earthAddress, type EarthAddress } from './_lib/earth-address.ts';
import { formatMoment, formatZone, localName } from './_lib/format.ts';
import { viewPicture } from './_lib/link-preview.ts';

type EarthShareProps = {
  shared: EarthAddress;
  /** The one that is open. */
  camera: CameraView | undefined;
  onClose: () => void;
};

/** Whether whoever fetches a preview picture may see the camera. */
const isForAll = ({ visibility }: CameraView): boolean => visibility === 'public' || visibility === 'unlisted';

/** What is seen as an address for somebody else: which camera, which moment, and the picture beside the link. */
export function EarthShare({ shared, camera, onClose }: EarthShareProps) {
  const t = useTranslations();
  const locale = useLocale();
  const { atMs } = shared;
  const at = { ms: atMs ?? 0, timeZone: camera?.timeZone ?? 'UTC', locale };
  const when = atMs === null ? t('earth.shareNow') : `${formatMoment(at)} ${formatZone(at)}`;
  return (
    <ShareDialog
      title={camera ? localName(camera, locale) : t('frame.earth')}
      says={[camera ? localName(camera, locale) : t('earth.shareView'), when].join(' · ')}
      address={new URL(earthAddress(shared), window.location.origin).href}
      picture={viewPicture({ ...shared, cameraId: camera && isForAll(camera) ? camera.id : null }, locale)}
      onClose={onClose}
    />
  );
}
