import type { CameraState } from '#server/contracts/camera.ts';

import { setText, type Run } from './fonts.ts';
import { landPath } from './globe.ts';

const cardWidth = 1200;
const cardHeight = 630;
const margin = 56;

/** The dark theme of app/globals.css: pictures for other sites can't follow a theme. */
const colours = {
  ground: '#090b10',
  land: '#334050',
  sea: '#10141c',
  text: '#eef1f6',
  quiet: '#a3adbb',
  signal: '#ffb454',
  live: '#4ade9b',
  delayed: '#ffcf5c',
  offline: '#8b95a5',
  error: '#ff6b6b',
  demo: '#b79bff',
};

/** As app/_ui/state-mark.tsx draws them, in a box of 12. */
const marks: Record<CameraState, { colour: string; shape: string }> = {
  live: { colour: colours.live, shape: '<circle cx="6" cy="6" r="4.5" fill="COLOUR"/>' },
  delayed: {
    colour: colours.delayed,
    shape:
      '<circle cx="6" cy="6" r="4.25" fill="none" stroke="COLOUR" stroke-width="1.25"/><path d="M6 1.75a4.25 4.25 0 0 0 0 8.5z" fill="COLOUR"/>',
  },
  still: {
    colour: colours.delayed,
    shape:
      '<circle cx="6" cy="6" r="4.25" fill="none" stroke="COLOUR" stroke-width="1.5" stroke-dasharray="1.6 1.74"/>',
  },
  offline: {
    colour: colours.offline,
    shape: '<circle cx="6" cy="6" r="4.25" fill="none" stroke="COLOUR" stroke-width="1.25"/>',
  },
  unchecked: { colour: colours.quiet, shape: '<circle cx="6" cy="6" r="1.5" fill="COLOUR"/>' },
  demo: {
    colour: colours.demo,
    shape: '<path d="M6 1.2 10.8 6 6 10.8 1.2 6z" fill="none" stroke="COLOUR" stroke-width="1.25"/>',
  },
  error: { colour: colours.error, shape: '<path d="M6 1.2 11.2 10.6H.8z" fill="COLOUR"/>' },
};

export interface Card {
  wordmark: string;
  title: string;
  /** The name in the other language, and the place. */
  lines: string[];
  /** Null on the card of the globe itself. */
  state: { state: CameraState | null; word: string } | null;
  /** Local time there, with its day where that is not today's. */
  time: string | null;
  /** JPEG; null: the globe is drawn. */
  picture: Uint8Array | null;
  centre: { latitude: number; longitude: number };
}

/** A picture of 1200 × 630 for other sites, as SVG, and the fonts that it needs. */
export async function drawCard(card: Card): Promise<{ svg: string; fonts: Uint8Array[] }> {
  const fonts = new Set<Uint8Array>();
  const write = async (
    text: string,
    at: { x: number; y: number; size: number; colour: string; width: number; end?: boolean },
  ) => {
    const { runs, fonts: needed } = await setText(fitted(text, at.width / at.size));
    for (const font of needed) fonts.add(font);
    return `<text x="${at.x}" y="${at.y}" font-size="${at.size}" fill="${at.colour}"${at.end ? ' text-anchor="end"' : ''}>${runs
      .map((run) => toSpan(run, at))
      .join('')}</text>`;
  };
  // A time with a day is long, and written smaller.
  const timeSize = card.time && card.time.length > 5 ? 34 : 44;
  const timeWidth = card.time ? Math.max(240, widthOf(card.time) * timeSize + 24) : 0;
  const width = cardWidth - 2 * margin - timeWidth;
  const size = Math.max(40, Math.min(68, (width * 0.98) / widthOf(card.title)));
  const bottom = cardHeight - margin - card.lines.length * 44;
  const parts = [
    card.picture ? picture(card.picture) : globe(card.centre, card.state ? colours.signal : null),
    `<rect width="${cardWidth}" height="180" fill="url(#top)"/>`,
    `<rect y="${bottom - size - 150}" width="${cardWidth}" height="${cardHeight - bottom + size + 150}" fill="url(#veil)"/>`,
    await write(card.title, { x: margin, y: bottom, size, colour: colours.text, width }),
    ...(await Promise.all(
      card.lines.map((line, n) =>
        write(line, { x: margin, y: bottom + 48 + 44 * n, size: 30, colour: colours.quiet, width }),
      ),
    )),
    await write(card.wordmark, {
      x: cardWidth - margin - 46,
      y: margin + 31,
      size: 32,
      colour: colours.text,
      width: 300,
      end: true,
    }),
    `<g transform="translate(${cardWidth - margin - 34} ${margin + 2}) scale(1.06)">${sign}</g>`,
  ];
  if (card.state) {
    const { state, word } = card.state;
    const room = state ? 56 : 20;
    parts.push(
      `<rect x="${margin}" y="${margin - 8}" width="${room + 20 + widthOf(word) * 28}" height="54" rx="27" fill="${colours.ground}" fill-opacity=".86"/>`,
      state ? markOf(state) : '',
      await write(word, { x: margin + room, y: margin + 29, size: 28, colour: colours.text, width: 400 }),
    );
  }
  if (card.time)
    parts.push(
      await write(card.time, {
        x: cardWidth - margin,
        y: cardHeight - margin + 4,
        size: timeSize,
        colour: colours.text,
        width: 400,
        end: true,
      }),
    );
  const top = `<linearGradient id="top" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="${colours.ground}" stop-opacity=".72"/><stop offset="1" stop-color="${colours.ground}" stop-opacity="0"/></linearGradient>`;
  const veil = `<linearGradient id="veil" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="${colours.ground}" stop-opacity="0"/><stop offset=".62" stop-color="${colours.ground}" stop-opacity=".82"/><stop offset="1" stop-color="${colours.ground}" stop-opacity=".94"/></linearGradient>`;
  return {
    svg: `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${cardWidth}" height="${cardHeight}"><defs>${top}${veil}</defs><rect width="${cardWidth}" height="${cardHeight}" fill="${colours.ground}"/>${parts.join('')}</svg>`,
    fonts: [...fonts],
  };
}

/** public/icon.svg without its ground, in a box of 32. */
const sign = `<circle cx="16" cy="16" r="11" fill="none" stroke="${colours.text}" stroke-width="2"/><path d="M16 5c5 3 5 19 0 22M16 5c-5 3-5 19 0 22M5 16h22" fill="none" stroke="${colours.text}" stroke-width="1.5" opacity=".55"/><circle cx="24" cy="8" r="5" fill="${colours.signal}" stroke="${colours.ground}" stroke-width="2"/>`;

function markOf(state: CameraState): string {
  const { colour, shape } = marks[state];
  return `<g transform="translate(${margin + 18} ${margin + 5}) scale(2.4)">${shape.replaceAll('COLOUR', colour)}</g>`;
}

function picture(jpeg: Uint8Array): string {
  const data = Buffer.from(jpeg).toString('base64');
  return `<image width="${cardWidth}" height="${cardHeight}" preserveAspectRatio="xMidYMid slice" xlink:href="data:image/jpeg;base64,${data}"/>`;
}

function globe(centre: Card['centre'], point: string | null): string {
  const radius = 380;
  return `<g transform="translate(${cardWidth * 0.62} ${cardHeight * 0.52}) scale(${radius})"><circle r="1.012" fill="none" stroke="${colours.quiet}" stroke-opacity=".35" stroke-width=".012"/><circle r="1" fill="${colours.sea}"/><path d="${landPath(centre)}" fill="${colours.land}"/>${
    point ? `<circle r=".05" fill="${point}" fill-opacity=".28"/><circle r=".02" fill="${point}"/>` : ''
  }</g>`;
}

function toSpan({ text, family, thicken }: Run, { size, colour }: { size: number; colour: string }): string {
  const stroke = thicken
    ? ` stroke="${colour}" stroke-width="${(size * thicken).toFixed(2)}" stroke-linejoin="round"`
    : '';
  return `<tspan font-family="${family}"${stroke}>${escaped(text)}</tspan>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** About, in ems: ideographs and kana are square. */
function widthOf(text: string): number {
  let width = 0;
  for (const letter of text) width += letter >= '⺀' ? 1 : /[A-Z0-9MW@%]/u.test(letter) ? 0.66 : 0.54;
  return width;
}

function fitted(text: string, ems: number): string {
  if (widthOf(text) <= ems) return text;
  let short = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (widthOf(short + segment) > ems - 1) break;
    short += segment;
  }
  return `${short.trimEnd()}…`;
}
