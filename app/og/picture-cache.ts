/** Preview pictures are asked for by every reader of a message that holds the address: each is drawn once in a while. */
const keptMs = 60_000;
const picturesMax = 40;

export type Picture = Uint8Array<ArrayBuffer>;

const pictures = new Map<string, { until: number; picture: Promise<Picture | null> }>();

export function keptPicture(key: string, draw: () => Promise<Picture | null>): Promise<Picture | null> {
  const known = pictures.get(key);
  if (known && known.until > Date.now()) return known.picture;
  const picture = draw();
  pictures.delete(key);
  pictures.set(key, { until: Date.now() + keptMs, picture });
  const forget = () => {
    if (pictures.get(key)?.picture === picture) pictures.delete(key);
  };
  picture.then((drawn) => drawn ?? forget(), forget);
  for (const oldest of pictures.keys()) {
    if (pictures.size <= picturesMax) break;
    pictures.delete(oldest);
  }
  return picture;
}

export function answerWith(picture: Picture | null): Response {
  if (!picture)
    return new Response(null, { status: 503, headers: { 'retry-after': '2', 'cache-control': 'no-store' } });
  return new Response(picture, {
    headers: { 'content-type': 'image/png', 'cache-control': 'public, max-age=60, stale-while-revalidate=300' },
  });
}
