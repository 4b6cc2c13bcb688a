'use client';

import { Bookmark, Link2, Save, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Dialog, DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import { toast } from 'sonner';

import { copyAddress } from '../../_lib/copy-address.ts';
import { wallAddress } from '../../_lib/wall-pins.ts';
import { Button } from '../../_ui/button.tsx';
import { Field, TextInput } from '../../_ui/field.tsx';
import { IconButton } from '../../_ui/icon-button.tsx';
import { MenuContent, MenuItem, MenuLine } from '../../_ui/menu.tsx';
import { useSavedWalls } from './use-saved-walls.ts';
import { deleteWall, savedWallsMax, saveWall, wallNameMax, type SavedWall } from './wall-store.ts';

const undoMs = 8000;

type SavedWallsProps = { ids: readonly string[]; onOpen: (ids: readonly string[]) => void; shareAddress?: string };

/** Keeps walls under names in this browser, opens them again, and gives the address that shares one. */
export function SavedWalls({ ids, onOpen, shareAddress }: SavedWallsProps) {
  const t = useTranslations('wall');
  const { walls, keep } = useSavedWalls();
  const [isNaming, setIsNaming] = useState(false);
  const kept = (next: readonly SavedWall[], words: string): boolean => {
    const isKept = keep(next);
    toast(isKept ? words : t('storeFailed'));
    return isKept;
  };
  const save = (name: string) => {
    const result = saveWall(walls, { name, ids, nowMs: Date.now() });
    if (result.type === 'full') toast(t('storeFull', { max: savedWallsMax }));
    if (result.type !== 'saved' && result.type !== 'replaced') return;
    if (kept(result.walls, t(result.type === 'saved' ? 'savedAs' : 'replaced', { name: name.trim() }))) {
      setIsNaming(false);
    }
  };
  const remove = (wall: SavedWall) => {
    if (!keep(deleteWall(walls, wall.name))) return;
    toast(t('deleted', { name: wall.name }), {
      duration: undoMs,
      action: { label: t('undo'), onClick: () => keep(walls) },
    });
  };
  const share = async () => {
    const address = new URL(shareAddress ?? `/wall?wall=${wallAddress(ids)}`, window.location.origin).href;
    toast((await copyAddress(address)) ? t('copied') : t('copyFailed', { address }));
  };
  return (
    <>
      {ids.length > 0 ? (
        <IconButton label={t('share')} side="bottom" onClick={() => void share()} className="max-md:size-11">
          <Link2 aria-hidden="true" strokeWidth={1.5} />
        </IconButton>
      ) : null}
      <DropdownMenu.Root>
        <DropdownMenu.Trigger asChild>
          <IconButton label={t('menu')} side="bottom" className="max-md:size-11">
            <Bookmark aria-hidden="true" strokeWidth={1.5} />
          </IconButton>
        </DropdownMenu.Trigger>
        <MenuContent align="end" className="max-h-96 w-72 overflow-y-auto">
          <MenuItem disabled={ids.length === 0} onSelect={() => setIsNaming(true)}>
            <Save aria-hidden="true" strokeWidth={1.5} /> {t('save')}
          </MenuItem>
          <MenuLine />
          <DropdownMenu.Label className="px-2 py-1 text-12 text-quiet">{t('saved')}</DropdownMenu.Label>
          {walls.length === 0 ? <p className="px-2 pb-2 text-13 text-quiet">{t('none')}</p> : null}
          {walls.map((wall) => (
            <DropdownMenu.Group key={wall.name} className="flex items-center">
              <MenuItem className="min-w-0 grow" onSelect={() => onOpen(wall.ids)}>
                <span className="truncate">{wall.name}</span>
                <span className="ml-auto shrink-0 text-12 text-quiet">{t('cameras', { count: wall.ids.length })}</span>
              </MenuItem>
              <MenuItem aria-label={t('delete', { name: wall.name })} onSelect={() => remove(wall)}>
                <Trash2 aria-hidden="true" strokeWidth={1.5} />
              </MenuItem>
            </DropdownMenu.Group>
          ))}
        </MenuContent>
      </DropdownMenu.Root>
      <Dialog.Root open={isNaming} onOpenChange={setIsNaming}>
        <Dialog.Portal>
          <Dialog.Overlay className="fixed inset-0 z-40 bg-veil" />
          <Dialog.Content
            aria-describedby={undefined}
            className="fixed top-1/2 left-1/2 z-50 w-[min(24rem,calc(100vw-2rem))] -translate-1/2 rounded-panel border border-line-strong bg-raised p-5 shadow-overlay"
          >
            <Dialog.Title className="pb-3 text-16 font-semibold">{t('save')}</Dialog.Title>
            <form
              onSubmit={(event) => {
                event.preventDefault();
                const name = new FormData(event.currentTarget).get('name');
                save(typeof name === 'string' ? name : '');
              }}
            >
              <Field label={t('name')}>
                {(control) => (
                  <TextInput {...control} name="name" maxLength={wallNameMax} required autoComplete="off" />
                )}
              </Field>
              <div className="flex justify-end gap-2 pt-4">
                <Button onClick={() => setIsNaming(false)}>{t('cancel')}</Button>
                <Button tone="signal" type="submit">
                  {t('saveAs')}
                </Button>
              </div>
            </form>
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
    </>
  );
}
