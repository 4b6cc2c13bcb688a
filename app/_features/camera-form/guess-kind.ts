import type { CameraKind } from '#server/contracts/camera.ts';

/** What kind of source an address looks like; the person may say otherwise. */
export function guessKind(address: string): CameraKind {
  const text = address.trim().toLowerCase();
  if (/^rtsps?:/.test(text)) return 'rtsp';
  if (text.startsWith('srt:')) return 'srt';
  if (/^(tcp|udp):/.test(text)) return 'mpegts';
  if (!/^https?:/.test(text)) return text.startsWith('/') ? 'file' : 'rtsp';
  const [path = ''] = text.split(/[?#]/);
  if (path.endsWith('.m3u8')) return 'hls';
  if (path.endsWith('.ts')) return 'mpegts';
  if (/\.mjpe?g$|mjpe?g|faststream|axis-cgi\/.*video/.test(path)) return 'mjpeg';
  if (/\.(jpe?g|png)$|snapshot|still|image/.test(path)) return 'snapshot';
  return 'hls';
}
