'use client';

import { useQueries } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';

import type { CameraDetail } from '#server/contracts/camera.ts';
import type { MediaState } from '#server/contracts/media-state.ts';

import { codeOf } from '../../_lib/error-message.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { useMediaStates } from '../../_lib/use-media-states.ts';

export type WallCamera = {
  id: string;
  camera: CameraDetail | null;
  media: MediaState | null;
  /** Why it can not be shown, in words. */
  fault: string | null;
};

/** The cameras of a wall in its order, with what is measured of them. */
export function useWallCameras(ids: readonly string[]): WallCamera[] {
  const t = useTranslations('wall');
  const trpc = useTRPC();
  const answers = useQueries({
    queries: ids.map((id) => trpc.cameras.get.queryOptions({ id }, { staleTime: 30_000 })),
  });
  const states = useMediaStates(answers.flatMap(({ data }) => (data ? [data.id] : [])));
  const faultOf = (error: unknown): string => {
    const code = codeOf(error);
    if (code === 'NOT_FOUND' || code === 'GONE' || code === 'BAD_REQUEST') return t('gone');
    return code === 'FORBIDDEN' || code === 'UNAUTHENTICATED' ? t('notAllowed') : t('failed');
  };
  return ids.map((id, index) => {
    const answer = answers[index];
    const camera = answer?.data ?? null;
    return {
      id,
      camera,
      media: camera ? (states.get(camera.streamId) ?? null) : null,
      fault: answer?.error ? faultOf(answer.error) : null,
    };
  });
}
