'use client';

import { Bookmark, Link2, Pencil, Save, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import { toast } from 'sonner';

import { copyAddress } from '../../_lib/copy-address.ts';
import { wallAddress } from '../../_lib/wall-pins.ts';
import { IconButton } from '../../_ui/icon-button.tsx';
import { MenuContent, MenuItem, MenuLine } from '../../_ui/menu.tsx';
import { NameDialog } from './name-dialog.tsx';
import { useSavedWalls } from './use-saved-walls.ts';
import { deleteWall, renameWall, savedWallsMax, saveWall, type SavedWall } from './wall-store.ts';

const undoMs = 8000;
const rowButton = 'shrink-0 max-md:h-11 max-md:w-11 max-md:justify-center';

type SavedWallsProps = { ids: readonly string[]; onOpen: (ids: readonly string[]) => void; shareAddress?: string };

/** Keeps walls under names in this browser, opens them again, and gives the address that shares one. */
export function SavedWalls({ ids, onOpen, shareAddress }: SavedWallsProps) {
  const t = useTranslations('wall');
  const { walls, keep } = useSavedWalls();
  const [naming, setNaming] = useState<{ type: 'save' } | { type: 'rename'; wall: SavedWall } | null>(null);
  const kept = (next: readonly SavedWall[], words: string): boolean => {
    const isKept = keep(next);
    toast(isKept ? words : t('storeFailed'));
    return isKept;
  };
  const save = (name: string): string | null => {
    const result = saveWall(walls, { name, ids, nowMs: Date.now() });
    if (result.type === 'full') return t('storeFull', { max: savedWallsMax });
    if (result.type === 'unnamed') return t('nameNeeded');
    if (kept(result.walls, t(result.type === 'saved' ? 'savedAs' : 'replaced', { name: name.trim() }))) setNaming(null);
    return null;
  };
  const rename = (wall: SavedWall, name: string): string | null => {
    const result = renameWall(walls, wall.name, name);
    if (result.type !== 'renamed') return t(result.type === 'taken' ? 'nameTaken' : 'nameNeeded');
    if (kept(result.walls, t('renamed', { name: name.trim() }))) setNaming(null);
    return null;
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
        <MenuContent align="end" className="max-h-96 w-80 max-w-[calc(100vw-1rem)] overflow-y-auto">
          <MenuItem className="max-md:h-11" disabled={ids.length === 0} onSelect={() => setNaming({ type: 'save' })}>
            <Save aria-hidden="true" strokeWidth={1.5} /> {t('save')}
          </MenuItem>
          <MenuLine />
          <DropdownMenu.Label className="px-2 py-1 text-12 text-quiet">{t('saved')}</DropdownMenu.Label>
          {walls.length === 0 ? <p className="px-2 pb-2 text-13 text-quiet">{t('none')}</p> : null}
          {walls.map((wall) => (
            <DropdownMenu.Group key={wall.name} className="flex items-center">
              <MenuItem className="min-w-0 grow max-md:h-11" onSelect={() => onOpen(wall.ids)}>
                <span className="truncate">{wall.name}</span>
                <span className="ml-auto shrink-0 text-12 text-quiet">{t('cameras', { count: wall.ids.length })}</span>
              </MenuItem>
              <MenuItem
                className={rowButton}
                aria-label={t('rename', { name: wall.name })}
                onSelect={() => setNaming({ type: 'rename', wall })}
              >
                <Pencil aria-hidden="true" strokeWidth={1.5} />
              </MenuItem>
              <MenuItem
                className={rowButton}
                aria-label={t('delete', { name: wall.name })}
                onSelect={() => remove(wall)}
              >
                <Trash2 aria-hidden="true" strokeWidth={1.5} />
              </MenuItem>
            </DropdownMenu.Group>
          ))}
        </MenuContent>
      </DropdownMenu.Root>
      {naming === null ? null : (
        <NameDialog
          title={t(naming.type === 'rename' ? 'renameTitle' : 'save')}
          name={naming.type === 'rename' ? naming.wall.name : ''}
          onName={naming.type === 'rename' ? (name) => rename(naming.wall, name) : save}
          onClose={() => setNaming(null)}
        />
      )}
    </>
  );
}
