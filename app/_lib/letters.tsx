'use client';

import { useLocale } from 'next-intl';
import dynamic from 'next/dynamic';

import { useLater } from './use-later.ts';

const JapaneseLetters = dynamic(() => import('./japanese-letters.tsx').then((file) => file.JapaneseLetters));

/** Where a page in another language rests for so long, its first look is through. */
const laterMs = 4000;

/** Japanese letters with the page where it is in Japanese; elsewhere for the odd name, when everything else is there. */
export function Letters() {
  const isJapanese = useLocale() === 'ja';
  const isLater = useLater(laterMs);
  return isJapanese || isLater ? <JapaneseLetters /> : null;
}
