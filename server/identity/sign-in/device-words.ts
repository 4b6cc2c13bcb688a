import Bowser from 'bowser';

/** `Firefox 140 · Windows`; a program without a browser's name by its own first word. */
export function deviceWords(userAgent: string | null): string {
  if (!userAgent) return '–';
  const { browser, os } = Bowser.parse(userAgent);
  const version = browser.version?.split('.')[0];
  const name = browser.name ? [browser.name, version].filter(Boolean).join(' ') : userAgent.split(/[\s/]/)[0];
  return [name, os.name].filter(Boolean).join(' · ').slice(0, 80);
}
