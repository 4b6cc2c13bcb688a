'use client';

import { MonitorCog, Moon, Sun, type LucideIcon } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';

import { rememberChoice } from '../../_lib/cookie.ts';
import { isTheme, themeCookie, themes, type Theme } from '../../_lib/theme.ts';
import { Hint } from '../../_ui/hint.tsx';
import { MenuChoice, MenuContent } from '../../_ui/menu.tsx';

const icons = { system: MonitorCog, dark: Moon, light: Sun } satisfies Record<Theme, LucideIcon>;

/** Takes effect at once; the cookie lets the server write it into the first byte of the next page. */
export function chooseTheme(theme: Theme): void {
  rememberChoice(themeCookie, theme);
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

export function ThemeMenu() {
  const t = useTranslations('frame');
  const [theme, setTheme] = useState<Theme>('system');
  // The server's choice stands on <html>; read when the menu opens, for the palette can change it too.
  const readTheme = () => {
    const chosen = document.documentElement.dataset['theme'];
    setTheme(isTheme(chosen) ? chosen : 'system');
  };
  const Icon = icons[theme];
  return (
    <DropdownMenu.Root onOpenChange={readTheme}>
      <Hint text={t('theme')} side="right">
        <DropdownMenu.Trigger
          aria-label={t('theme')}
          className="inline-flex size-9 items-center justify-center rounded-control text-quiet transition-colors hover:bg-hover hover:text-text [&_svg]:size-5"
        >
          <Icon aria-hidden="true" strokeWidth={1.5} />
        </DropdownMenu.Trigger>
      </Hint>
      <MenuContent side="right" align="end">
        <DropdownMenu.RadioGroup
          value={theme}
          onValueChange={(value) => {
            if (!isTheme(value)) return;
            setTheme(value);
            chooseTheme(value);
          }}
        >
          {themes.map((choice) => (
            <MenuChoice key={choice} value={choice}>
              {t(`themes.${choice}`)}
            </MenuChoice>
          ))}
        </DropdownMenu.RadioGroup>
      </MenuContent>
    </DropdownMenu.Root>
  );
}
