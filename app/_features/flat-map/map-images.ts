import { cameraStates } from '#server/contracts/camera-words.ts';

import { drawMark, tokenOf } from './draw-mark.ts';

/** What the map shows of text and marks is drawn here as images: it needs no glyphs from anywhere. */
export type TextKind = 'count' | 'label' | 'country';
export const textImageHeight = 20;
export const textImage = (kind: TextKind, text: string): string => `${kind}:${text}`;
export const wedgeImage = 'wedge';

export type Look = { colour: (token: string) => string; sans: string; mono: string; ratio: number };

function canvasOf(width: number, height: number, ratio: number): CanvasRenderingContext2D | null {
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(width * ratio);
  canvas.height = Math.ceil(height * ratio);
  const pen = canvas.getContext('2d');
  pen?.scale(ratio, ratio);
  return pen;
}

const wholeOf = (pen: CanvasRenderingContext2D): ImageData =>
  pen.getImageData(0, 0, pen.canvas.width, pen.canvas.height);

function drawnMark(word: string, look: Look): ImageData | null {
  const state = cameraStates.find((one) => one === word);
  const pen = canvasOf(16, 16, look.ratio);
  if (!state || !pen) return null;
  pen.fillStyle = look.colour(tokenOf[state]);
  pen.strokeStyle = pen.fillStyle;
  pen.lineWidth = 1.5;
  drawMark(pen, state, 8, 8, 4.5);
  return wholeOf(pen);
}

const texts = {
  count: { size: '12px', token: '--text', spacing: '0px' },
  label: { size: '12px', token: '--quiet', spacing: '0px' },
  country: { size: '500 11px', token: '--faint', spacing: '1.2px' },
} as const satisfies Record<TextKind, object>;

function drawnText(text: string, look: Look, kind: TextKind): ImageData | null {
  const { size, token, spacing } = texts[kind];
  const isCount = kind === 'count';
  const font = `${size} ${isCount ? look.mono : look.sans}`;
  const ruler = canvasOf(1, 1, 1);
  if (!ruler) return null;
  ruler.font = font;
  ruler.letterSpacing = spacing;
  const width = Math.ceil(ruler.measureText(text).width) + 8;
  const pen = canvasOf(width, textImageHeight, look.ratio);
  if (!pen) return null;
  pen.font = font;
  pen.letterSpacing = spacing;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  // Readable over land, sea and marks alike.
  pen.lineJoin = 'round';
  pen.lineWidth = 3;
  pen.strokeStyle = look.colour('--ground');
  if (!isCount) pen.strokeText(text, width / 2, textImageHeight / 2);
  pen.fillStyle = look.colour(token);
  pen.fillText(text, width / 2, textImageHeight / 2);
  return wholeOf(pen);
}

function drawnWedge(look: Look): ImageData | null {
  const pen = canvasOf(128, 128, look.ratio);
  if (!pen) return null;
  pen.globalAlpha = 0.35;
  pen.fillStyle = look.colour('--signal');
  pen.beginPath();
  pen.moveTo(64, 64);
  pen.arc(64, 64, 60, -Math.PI / 2 - 0.44, -Math.PI / 2 + 0.44);
  pen.fill();
  return wholeOf(pen);
}

/** The image of a name; null where the name is none of ours. */
export function drawnImage(name: string, look: Look): ImageData | null {
  if (name === wedgeImage) return drawnWedge(look);
  const [kind = '', ...rest] = name.split(':');
  const text = rest.join(':');
  if (kind === 'mark') return drawnMark(text, look);
  if (kind === 'count' || kind === 'label' || kind === 'country') return drawnText(text, look, kind);
  return null;
}
