'use client';

import { useTranslations } from 'next-intl';
import { useState, type ComponentProps } from 'react';

import { TextInput } from './field.tsx';

/** A password that can be looked at before it is sent. */
export function SecretField(props: ComponentProps<'input'>) {
  const t = useTranslations('auth');
  const [isShown, setIsShown] = useState(false);
  return (
    <span className="relative block">
      <TextInput {...props} type={isShown ? 'text' : 'password'} className="pr-20" />
      <button
        type="button"
        aria-pressed={isShown}
        onClick={() => setIsShown((shown) => !shown)}
        className="absolute inset-y-1 right-1 rounded-[4px] px-3 text-13 text-quiet hover:text-text max-md:inset-y-0 max-md:right-0"
      >
        {t(isShown ? 'hide' : 'show')}
      </button>
    </span>
  );
}
