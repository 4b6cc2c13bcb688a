'use client';

import { Copy, Share2, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Dialog } from 'radix-ui';
import { useRef, useState } from 'react';
import { toast } from 'sonner';

import { Button } from '../../_ui/button.tsx';
import { IconButton } from '../../_ui/icon-button.tsx';

type ShareDialogProps = {
  title: string;
  /** What is said of the address: which camera, which moment. */
  says: string;
  address: string;
  /** What other sites show beside the link. */
  picture: string;
  onClose: () => void;
};

/** Off HTTPS a browser has no clipboard, and its user may refuse it. */
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // The address stands in the field and can be copied by hand.
    return false;
  }
}

/** The picture that goes with the link, drawn by the server; its place is kept until it comes, and given up when it doesn't. */
function Preview({ picture }: { picture: string }) {
  const t = useTranslations('earth');
  const [isMissing, setIsMissing] = useState(false);
  if (isMissing) return null;
  return (
    // Drawn by the server as other sites show it: there is nothing for an image service to optimise.
    // oxlint-disable-next-line nextjs/no-img-element
    <img
      src={picture}
      alt={t('sharePicture')}
      width={1200}
      height={630}
      onError={() => setIsMissing(true)}
      className="mb-3 h-auto w-full rounded-control border border-line bg-hover"
    />
  );
}

/** The address that shows somebody else what is seen here: camera, moment and view. */
export function ShareDialog({ title, says, address, picture, onClose }: ShareDialogProps) {
  const t = useTranslations('earth');
  const field = useRef<HTMLInputElement>(null);
  const canHandOver = typeof navigator !== 'undefined' && 'share' in navigator;
  const copy = async () => {
    const isCopied = await copied(address);
    toast(isCopied ? t('linkCopied') : t('linkNotCopied'));
    if (isCopied) onClose();
  };
  const handOver = async () => {
    try {
      await navigator.share({ title, url: address });
      onClose();
    } catch {
      // Closed without a choice: the dialog is still there.
      return;
    }
  };
  return (
    <Dialog.Root open onOpenChange={(open) => (open ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-veil" />
        <Dialog.Content
          data-theme="dark"
          // The address is what one came for; the first button would show its hint over it.
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            field.current?.focus();
          }}
          className="fixed inset-x-0 bottom-0 z-50 rounded-t-panel border border-line-strong bg-raised p-5 text-text shadow-overlay md:inset-x-auto md:top-[12vh] md:bottom-auto md:left-1/2 md:w-120 md:-translate-x-1/2 md:rounded-panel"
        >
          <div className="flex items-center">
            <Dialog.Title className="text-16 font-semibold">{t('share')}</Dialog.Title>
            <IconButton label={t('close')} side="bottom" className="ml-auto size-11 md:size-9" onClick={onClose}>
              <X aria-hidden="true" strokeWidth={1.5} />
            </IconButton>
          </div>
          <Dialog.Description className="pb-3 text-13 text-quiet">{says}</Dialog.Description>
          <Preview picture={picture} />
          <input
            ref={field}
            readOnly
            aria-label={t('shareAddress')}
            value={address}
            // Marked backwards: a long one is seen from its beginning.
            onFocus={({ currentTarget: input }) => input.setSelectionRange(0, input.value.length, 'backward')}
            className="figure h-11 w-full rounded-control border border-line-strong bg-ground px-3 text-12 md:h-9"
          />
          <div className="flex justify-end gap-2 pt-4">
            {canHandOver ? (
              <Button size="large" onClick={() => void handOver()}>
                <Share2 aria-hidden="true" strokeWidth={1.5} className="size-4" /> {t('shareTo')}
              </Button>
            ) : null}
            <Button size="large" tone="signal" onClick={() => void copy()}>
              <Copy aria-hidden="true" strokeWidth={1.5} className="size-4" /> {t('copyLink')}
            </Button>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
