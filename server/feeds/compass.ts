const points: Record<string, number> = { n: 0, ne: 45, e: 90, se: 135, s: 180, sw: 225, w: 270, nw: 315 };
const words: Record<string, string> = {
  north: 'n',
  east: 'e',
  south: 's',
  west: 'w',
  北: 'n',
  東: 'e',
  南: 's',
  西: 'w',
};
/** East and west stand first in Japanese too, sometimes. */
const turned: Record<string, string> = { en: 'ne', es: 'se', wn: 'nw', ws: 'sw' };

/** `se`, `South-East`, `northbound` as degrees clockwise from north; null for anything else. */
export function bearingOf(text: string | null | undefined): number | null {
  let rest = (text ?? '')
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '')
    .replace(/bound$/, '');
  for (const [word, letter] of Object.entries(words)) rest = rest.replaceAll(word, letter);
  return points[turned[rest] ?? rest] ?? null;
}
