/** To the picture process, one at a time. Base64: the channel is JSON, and arrays of numbers cost ten times as much. */
export interface PictureAsk {
  type: 'picture';
  id: number;
  /** ftyp+moov of the video track. */
  init: string;
  /** moof+mdat that opens with a key frame. */
  chunk: string;
  widthMax: number;
  /** Of the JPEG, 1…100. */
  quality: number;
}

/** Looked at by hand: it comes from our own parent, and a library for it would be a third of the process. Null: it is none. */
export function readPictureAsk(message: unknown): PictureAsk | null {
  if (typeof message !== 'object' || message === null) return null;
  const { type, id, init, chunk, widthMax, quality } = { ...none, ...message };
  if (type !== 'picture' || !isCount(id) || !isCount(widthMax) || !isCount(quality) || quality > 100) return null;
  return typeof init === 'string' && typeof chunk === 'string' ? { type, id, init, chunk, widthMax, quality } : null;
}

const none: Record<keyof PictureAsk, unknown> = {
  type: null,
  id: null,
  init: null,
  chunk: null,
  widthMax: null,
  quality: null,
};

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}
