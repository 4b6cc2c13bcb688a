'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { toast } from 'sonner';

import { pin, unpin, wallSizeMax } from '../../_lib/wall-pins.ts';

const undoMs = 8000;

type Pins = {
  isPinned: (cameraId: string) => boolean;
  /** Pins, or takes off with eight seconds to take it back; says what to do where the wall is full. */
  toggle: (camera: { id: string; name: string }) => void;
};

/** The pins of a wall that the page keeps. */
export function useWallPins({
  ids,
  onChange,
}: {
  ids: readonly string[];
  onChange: (ids: readonly string[]) => void;
}): Pins {
  const t = useTranslations('wall');
  // An undo comes seconds later, when the wall may be another.
  const now = useRef({ ids, onChange });
  useEffect(() => {
    now.current = { ids, onChange };
  });
  const add = (camera: { id: string; name: string }, index?: number): boolean => {
    const result = pin(now.current.ids, camera.id, index);
    if (result.type === 'pinned') now.current.onChange(result.ids);
    if (result.type === 'full') toast(t('full', { max: wallSizeMax }), { description: t('fullText') });
    return result.type === 'pinned';
  };
  return {
    isPinned: (cameraId) => ids.includes(cameraId),
    toggle: (camera) => {
      const index = now.current.ids.indexOf(camera.id);
      if (index < 0) {
        if (add(camera)) toast(t('pinned', { name: camera.name }));
        return;
      }
      now.current.onChange(unpin(now.current.ids, camera.id));
      toast(t('unpinned', { name: camera.name }), {
        duration: undoMs,
        action: { label: t('undo'), onClick: () => add(camera, index) },
      });
    },
  };
}
