'use client';

import { useTranslations } from 'next-intl';
import { Dialog } from 'radix-ui';

import { Keys } from '../../_ui/hint.tsx';

const lines = [
  ['keyPlay', ['k', 'Space']],
  ['keyBack', ['←', '→']],
  ['keyJump', ['j', 'l']],
  ['keyMute', ['m']],
  ['keyFull', ['f']],
  ['keyPip', ['p']],
  ['keyEnds', ['Home', 'End']],
  ['keyHelp', ['?']],
] as const;

export function KeysHelp({ isOpen, onOpenChange }: { isOpen: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations('player');
  return (
    <Dialog.Root open={isOpen} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-veil" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-1/2 left-1/2 z-50 w-[min(24rem,calc(100vw-2rem))] -translate-1/2 rounded-panel border border-line-strong bg-raised p-5 shadow-overlay"
        >
          <Dialog.Title className="pb-3 text-16 font-semibold">{t('helpTitle')}</Dialog.Title>
          <dl>
            {lines.map(([word, keys]) => (
              <div key={word} className="flex items-center justify-between border-t border-line py-2 text-13">
                <dt>{t(word)}</dt>
                <dd className="flex gap-1">
                  {keys.map((key) => (
                    <Keys key={key} text={key} />
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
