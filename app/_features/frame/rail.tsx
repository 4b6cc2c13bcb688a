'use client';

import { Eye, Factory, Globe, RadioTower, Search, Video, type LucideIcon } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';

import { cn } from '../../_lib/class-name.ts';
import { Hint } from '../../_ui/hint.tsx';
import { IconButton } from '../../_ui/icon-button.tsx';
import { AccountMenu } from './account-menu.tsx';
import { ActivityBell } from './activity-bell.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import { StatusDot } from './status-dot.tsx';
import { ThemeMenu } from './theme-menu.tsx';

type Face = { name: 'earth' | 'live' | 'meet' | 'vision' | 'inspect'; icon: LucideIcon; href: string | null };

const faces: readonly Face[] = [
  { name: 'earth', icon: Globe, href: '/' },
  { name: 'live', icon: RadioTower, href: null },
  { name: 'meet', icon: Video, href: null },
  { name: 'vision', icon: Eye, href: null },
  { name: 'inspect', icon: Factory, href: null },
];

const shape =
  'relative flex h-12 flex-1 flex-col items-center justify-center gap-0.5 rounded-control md:h-11 md:w-11 md:flex-none [&_svg]:size-5';

function FaceLink({ face, isHere }: { face: Face; isHere: boolean }) {
  const t = useTranslations('frame');
  const { icon: Icon, name, href } = face;
  const word = <span className="text-12 md:sr-only">{t(name)}</span>;
  const icon = <Icon aria-hidden="true" strokeWidth={1.5} />;
  if (href === null) {
    return (
      <Hint text={t('notBuilt', { face: t(name) })} side="right">
        <button type="button" aria-disabled="true" className={cn(shape, 'text-quiet [&_svg]:opacity-45')}>
          {icon}
          {word}
          <span className="sr-only">({t('notBuilt', { face: t(name) })})</span>
        </button>
      </Hint>
    );
  }
  return (
    <Hint text={t(name)} side="right">
      <Link
        href={href}
        aria-current={isHere ? 'page' : undefined}
        className={cn(shape, 'text-quiet transition-colors hover:bg-hover hover:text-text', isHere && 'text-text')}
      >
        {isHere ? (
          <span
            aria-hidden="true"
            className="absolute inset-x-6 top-0 h-0.5 rounded-pill bg-signal md:inset-x-auto md:inset-y-3 md:-left-1.5 md:h-auto md:w-0.5"
          />
        ) : null}
        {icon}
        {word}
      </Link>
    </Hint>
  );
}

/** The faces of the house and, below them, what belongs to the person: 56 px at the left, a bar at the bottom of a phone. */
export function Rail({ path, onSearch }: { path: string; onSearch: () => void }) {
  const t = useTranslations('frame');
  const isGlobe = path === '/';
  const isEarth = isGlobe || path.startsWith('/cameras');
  const theme = isGlobe ? { 'data-theme': 'dark' } : {};
  return (
    <>
      <nav
        aria-label={t('faces')}
        {...theme}
        className="fixed inset-x-0 bottom-0 z-30 flex border-t border-line bg-ground px-2 pb-[env(safe-area-inset-bottom)] md:inset-x-auto md:inset-y-0 md:left-0 md:w-14 md:flex-col md:items-center md:gap-1 md:border-t-0 md:border-r md:px-0 md:py-3"
      >
        {faces.map((face) => (
          <FaceLink key={face.name} face={face} isHere={face.name === 'earth' && isEarth} />
        ))}
      </nav>
      {/* Once for both: what stands twice is made twice when the page awakes. Beside a low window's faces it scrolls. */}
      <header
        {...theme}
        className={cn(
          'flex h-12 items-center gap-1 px-3 md:fixed md:top-64 md:bottom-0 md:left-0 md:z-30 md:h-auto md:w-14 md:flex-col md:overflow-y-auto md:*:shrink-0 md:border-0 md:px-0 md:py-3 md:[scrollbar-width:none]',
          isGlobe
            ? 'fixed inset-x-0 top-0 z-30 bg-linear-to-b from-ground to-transparent text-text md:right-auto md:bg-none'
            : 'border-b border-line',
        )}
      >
        <Link href="/" className="mr-auto rounded-control px-1 text-14 font-semibold md:hidden">
          Sensorium
        </Link>
        <IconButton label={t('search')} keys="⌘K" side="right" className="md:mt-auto" onClick={onSearch}>
          <Search aria-hidden="true" strokeWidth={1.5} />
        </IconButton>
        <ActivityBell />
        <StatusDot isHere={path.startsWith('/status')} />
        <LanguageSwitch />
        <ThemeMenu />
        <AccountMenu />
      </header>
    </>
  );
}
