/** The pictures of the planet, and the first of them asked for while there is nothing yet to draw them with. */

const names = ['day', 'lights', 'ground'] as const;
export type PictureName = (typeof names)[number];

export const assetsUrl = '/earth';
/** Soon there, and enough for a planet that is seen whole. */
export const firstWidth = 1024;
const fetchedWithinMs = 60_000;

const begun = new Map<string, Promise<ImageBitmap>>();

const addressOf = (name: PictureName, width: number) => `${assetsUrl}/${name}-${String(width)}.jpg`;

export function beginPictures(): void {
  for (const name of names) {
    const url = addressOf(name, firstWidth);
    const picture = fetchBitmap(url, new AbortController().signal);
    begun.set(url, picture);
    // Whoever wants it asks again.
    picture.catch(() => begun.delete(url));
  }
}

/** The caller's own, to be closed. */
export function fetchPicture(name: PictureName, width: number, signal: AbortSignal): Promise<ImageBitmap> {
  const url = addressOf(name, width);
  const early = begun.get(url);
  begun.delete(url);
  return early?.catch(() => fetchBitmap(url, signal)) ?? fetchBitmap(url, signal);
}

async function fetchBitmap(url: string, signal: AbortSignal): Promise<ImageBitmap> {
  const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(fetchedWithinMs)]) });
  if (!response.ok) throw new Error(`${url}: ${String(response.status)}`);
  // Decoded beside the main thread, with the bytes as they are in the file.
  return createImageBitmap(await response.blob(), { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
}
