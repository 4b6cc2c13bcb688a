import { cameraKind, type CameraKind } from '#server/contracts/camera.ts';

const bySchemes: Record<string, CameraKind> = {
  'rtsp:': 'rtsp',
  'rtsps:': 'rtsp',
  'srt:': 'srt',
  'tcp:': 'mpegts',
  'udp:': 'mpegts',
};
const words: Record<string, CameraKind> = {
  jpeg: 'snapshot',
  jpg: 'snapshot',
  image: 'snapshot',
  still: 'snapshot',
  m3u8: 'hls',
  ts: 'mpegts',
  静止画: 'snapshot',
};

/** What a file says, else what the address looks like; null when neither tells. */
export function guessKind(said: string, address: string): CameraKind | null {
  const word = said.trim().toLowerCase();
  const named = cameraKind.safeParse(word);
  if (named.success) return named.data;
  if (words[word]) return words[word];
  const url = URL.parse(address);
  if (!url) return null;
  const byScheme = bySchemes[url.protocol];
  if (byScheme) return byScheme;
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  const path = `${url.pathname}${url.search}`.toLowerCase();
  if (/\.m3u8?(?:$|\?)/.test(path)) return 'hls';
  if (/mjpe?g|video\.cgi|videostream|faststream/.test(path)) return 'mjpeg';
  if (/\.(?:jpe?g|png|webp)(?:$|\?)|snapshot|snap\.|image\.cgi|still/.test(path)) return 'snapshot';
  return /\.(?:ts|m2ts)(?:$|\?)/.test(path) ? 'mpegts' : null;
}
