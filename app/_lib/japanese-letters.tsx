'use client';

import '../../assets/fonts/made/japanese-ui.css';
import '@fontsource-variable/noto-sans-jp/wght.css';

/**
 * The letters of the product's own words in one file, and the faces of Noto Sans JP, a hundred and twenty, for what others
 * write: no page waits for them that has no use for them.
 */
export function JapaneseLetters() {
  return null;
}
