'use client';

import { useLocale, useTranslations } from 'next-intl';

import type { SystemStatus } from '#server/contracts/system-status.ts';

import { cn } from '../../_lib/class-name.ts';
import { formatBytes, formatDuration } from '../../_lib/format.ts';

const fills = { ok: 'bg-live', evicting: 'bg-delayed', paused: 'bg-error' } as const;

export function Storage({ storage }: { storage: SystemStatus['storage'] }) {
  const t = useTranslations('status');
  const locale = useLocale();
  return (
    <div>
      <p className="figure pb-3 text-16">{t('recorded', { size: formatBytes(storage.recordedBytes) })}</p>
      <ul className="grid gap-4">
        {storage.disks.map((disk) => {
          const used = disk.totalBytes > 0 ? 1 - disk.freeBytes / disk.totalBytes : 0;
          return (
            <li key={disk.path}>
              <p className="flex flex-wrap justify-between gap-x-4 text-13">
                <span className="figure truncate text-quiet">{disk.path}</span>
                <span className="figure">
                  {t('free', { free: formatBytes(disk.freeBytes), total: formatBytes(disk.totalBytes) })}
                </span>
              </p>
              <div className="my-1.5 h-1 overflow-hidden rounded-pill bg-hover">
                <div className={cn('h-full', fills[disk.level])} style={{ width: `${(used * 100).toFixed(1)}%` }} />
              </div>
              <p className="text-12 text-quiet">
                {t(`level.${disk.level}`)}
                {disk.evictedSeconds > 0
                  ? ` · ${t('evicted', { time: formatDuration(disk.evictedSeconds * 1000, locale) })}`
                  : ''}
              </p>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
