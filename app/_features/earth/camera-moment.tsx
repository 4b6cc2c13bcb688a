'use client';

import { useLocale, useTranslations } from 'next-intl';

import type { CameraView } from '#server/contracts/camera.ts';

import { formatDuration, formatMinute } from '../../_lib/format.ts';
import { serverNow } from '../../_lib/server-clock.ts';
import { useMediaStates } from '../../_lib/use-media-states.ts';
import { StateWord } from '../../_ui/state-word.tsx';

type CameraMomentProps = { camera: CameraView; pastMs: number | null };

/** State, local time and age of the newest frame in one line; in the past only the time, for then no frame is new. */
export function CameraMoment({ camera, pastMs }: CameraMomentProps) {
  const t = useTranslations('facts');
  const locale = useLocale();
  const media = useMediaStates(pastMs === null ? [camera.id] : []).get(camera.streamId) ?? null;
  const state = media?.state ?? camera.state;
  const age = media?.frameAgeMs ?? null;
  return (
    <p className="flex items-center gap-2 text-12">
      <StateWord state={state} reason={media?.reason ?? camera.stateReason} />
      <span className="figure ml-auto text-quiet">
        {formatMinute({ ms: pastMs ?? serverNow(), timeZone: camera.timeZone, locale })}
        {age === null || pastMs !== null ? null : ` · ${t('old', { time: formatDuration(age, locale) })}`}
      </span>
    </p>
  );
}
