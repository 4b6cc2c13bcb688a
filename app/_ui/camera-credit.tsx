import { useTranslations } from 'next-intl';

import type { CameraView } from '#server/contracts/camera.ts';

/** Whom to thank for a picture, and on what terms; nothing where nobody is named. */
export function CameraCredit({ camera }: { camera: Pick<CameraView, 'licence' | 'attribution' | 'attributionUrl'> }) {
  const t = useTranslations('player');
  const { licence, attribution, attributionUrl } = camera;
  return (
    <>
      {attribution ? (
        <p>
          {t('source')}:{' '}
          {attributionUrl ? (
            <a href={attributionUrl} target="_blank" rel="noreferrer" className="underline hover:text-text">
              {attribution}
            </a>
          ) : (
            attribution
          )}
        </p>
      ) : null}
      {licence ? (
        <p>
          {t('licence')}: {licence}
        </p>
      ) : null}
    </>
  );
}
