import { useTranslations } from 'next-intl';

import { Entrance } from './entrance.tsx';

/** Keeps the room of a short form while it is found out what it is to be. */
export function EntranceLoading({ title }: { title: string }) {
  const t = useTranslations('auth');
  return (
    <Entrance title={title}>
      <output className="sr-only">{t('loading')}</output>
      <div aria-hidden="true" className="grid animate-breathe gap-5">
        <div className="h-9 rounded-control bg-hover" />
        <div className="h-9 rounded-control bg-hover" />
        <div className="h-11 rounded-control bg-hover" />
      </div>
    </Entrance>
  );
}
