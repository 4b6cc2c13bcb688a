/** What we need of a playlist (RFC 8216). Addresses stay as written. */
export interface HlsVariant {
  uri: string;
  bandwidth: number;
  height: number;
  audioGroup: string | null;
}
export interface HlsKey {
  method: string;
  uri: string | null;
  iv: Buffer | null;
}
export interface HlsRange {
  offset: number;
  length: number;
}
export interface HlsSegment {
  sequence: number;
  uri: string;
  seconds: number;
  range: HlsRange | null;
  discontinuity: boolean;
  map: { uri: string; range: HlsRange | null } | null;
  key: HlsKey | null;
  /** EXT-X-PROGRAM-DATE-TIME, told or counted on from the one before; UTC ms. */
  dateTimeMs: number | null;
}
export type HlsPlaylist =
  | { type: 'master'; variants: HlsVariant[]; audio: { group: string; uri: string; isDefault: boolean }[] }
  | { type: 'media'; targetSeconds: number; ended: boolean; segments: HlsSegment[] };

const segmentsMax = 20_000;

/** Null where the text is no playlist. */
export function parseHlsPlaylist(text: string): HlsPlaylist | null {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  if (!lines[0]?.replace('\uFEFF', '').startsWith('#EXTM3U')) return null;
  return lines.some((line) => line.startsWith('#EXT-X-STREAM-INF')) ? parseMaster(lines) : parseMedia(lines);
}

function parseMaster(lines: string[]): HlsPlaylist {
  const variants: HlsVariant[] = [];
  const audio: { group: string; uri: string; isDefault: boolean }[] = [];
  let pending: Map<string, string> | null = null;
  for (const line of lines) {
    if (line.startsWith('#EXT-X-STREAM-INF:')) pending = attributes(line);
    else if (line.startsWith('#EXT-X-MEDIA:')) {
      const media = attributes(line);
      const uri = media.get('URI');
      if (media.get('TYPE') === 'AUDIO' && uri) {
        audio.push({ group: media.get('GROUP-ID') ?? '', uri, isDefault: media.get('DEFAULT') === 'YES' });
      }
    } else if (pending && line !== '' && !line.startsWith('#')) {
      const height = Number(pending.get('RESOLUTION')?.split('x')[1] ?? 0);
      variants.push({
        uri: line,
        bandwidth: Number(pending.get('BANDWIDTH') ?? 0),
        height,
        audioGroup: pending.get('AUDIO') ?? null,
      });
      pending = null;
    }
  }
  return { type: 'master', variants, audio };
}

function parseMedia(lines: string[]): HlsPlaylist {
  const segments: HlsSegment[] = [];
  let [sequence, targetSeconds, ended] = [0, 6, false];
  let next = emptyNext();
  let map: HlsSegment['map'] = null;
  let key: HlsKey | null = null;
  let rangeEnd = 0;
  let dateTimeMs: number | null = null;
  for (const line of lines) {
    const value = line.slice(line.indexOf(':') + 1);
    if (line.startsWith('#EXT-X-MEDIA-SEQUENCE:')) sequence = Number(value) || 0;
    else if (line.startsWith('#EXT-X-TARGETDURATION:')) targetSeconds = Number(value) || 6;
    else if (line === '#EXT-X-ENDLIST') ended = true;
    else if (line.startsWith('#EXTINF:')) next.seconds = Number.parseFloat(value) || 0;
    else if (line === '#EXT-X-DISCONTINUITY') next.discontinuity = true;
    else if (line.startsWith('#EXT-X-PROGRAM-DATE-TIME:')) dateTimeMs = validTime(value);
    else if (line.startsWith('#EXT-X-BYTERANGE:')) next.range = parseRange(value, rangeEnd);
    else if (line.startsWith('#EXT-X-KEY:')) key = parseKey(attributes(line));
    else if (line.startsWith('#EXT-X-MAP:')) {
      const found = attributes(line);
      const range = found.get('BYTERANGE');
      map = { uri: found.get('URI') ?? '', range: range === undefined ? null : parseRange(range, 0) };
    } else if (line !== '' && !line.startsWith('#') && segments.length < segmentsMax) {
      segments.push({ ...next, sequence: sequence + segments.length, uri: line, map, key, dateTimeMs });
      rangeEnd = next.range ? next.range.offset + next.range.length : 0;
      if (dateTimeMs !== null) dateTimeMs += next.seconds * 1000;
      next = emptyNext();
    }
  }
  return { type: 'media', targetSeconds, ended, segments };
}

function emptyNext(): { seconds: number; range: HlsRange | null; discontinuity: boolean } {
  return { seconds: 0, range: null, discontinuity: false };
}

function validTime(text: string): number | null {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

function parseRange(text: string, follow: number): HlsRange {
  const [length, offset] = text.split('@').map(Number);
  return { length: length ?? 0, offset: offset ?? follow };
}

function parseKey(found: Map<string, string>): HlsKey | null {
  const method = found.get('METHOD') ?? 'NONE';
  if (method === 'NONE') return null;
  const iv = found.get('IV');
  return {
    method,
    uri: found.get('URI') ?? null,
    iv: iv === undefined ? null : Buffer.from(iv.replace(/^0x/i, '').padStart(32, '0'), 'hex'),
  };
}

function attributes(line: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const match of line.slice(line.indexOf(':') + 1).matchAll(/([A-Z0-9-]+)=(?:"([^"]*)"|([^,]*))/g)) {
    found.set(match[1] ?? '', match[2] ?? match[3] ?? '');
  }
  return found;
}
