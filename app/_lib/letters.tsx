'use client';

import { useLocale } from 'next-intl';
import dynamic from 'next/dynamic';
import { useEffect, useState } from 'react';

const JapaneseLetters = dynamic(() => import('./japanese-letters.tsx').then((file) => file.JapaneseLetters));

/** Where a page in another language rests for so long, its first look is through. */
const laterMs = 4000;

/** Japanese letters with the page where it is in Japanese; elsewhere for the odd name, when everything else is there. */
export function Letters() {
  const isJapanese = useLocale() === 'ja';
  const [isLater, setIsLater] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLater(true), laterMs);
    return () => clearTimeout(timer);
  }, []);
  return isJapanese || isLater ? <JapaneseLetters /> : null;
}
