import type { Locale } from './locale.ts';

/** What is not known is shown as this, never as 0. */
export const unknown = '–';

/** Japanese writes its units behind the figure without a space. */
const timeUnits = {
  en: { second: ' s', minute: ' min', hour: ' h', day: ' d' },
  ja: { second: '秒', minute: '分', hour: '時間', day: '日' },
} satisfies Record<Locale, object>;

/** An age or a distance in time, coarser the longer it is: `1.1 s`, `42 s`, `10 min`, `3 h`, `2 d`; `1.1秒`, `10分`, `3時間`, `2日`. */
export function formatDuration(ms: number | null | undefined, locale: Locale): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return unknown;
  const seconds = Math.max(0, ms) / 1000;
  const { second, minute, hour, day } = timeUnits[locale];
  if (seconds < 9.95) return `${seconds.toFixed(1)}${second}`;
  if (seconds < 99.5) return `${Math.round(seconds)}${second}`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)}${minute}`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)}${hour}`;
  return `${Math.round(seconds / 86_400)}${day}`;
}

export function formatRate(fps: number | null | undefined): string {
  return fps === null || fps === undefined ? unknown : fps.toFixed(2);
}

const scaled = (value: number, step: number, units: readonly string[]): string => {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log(Math.max(1, value)) / Math.log(step))));
  const shown = value / step ** power;
  return `${shown >= 100 || power === 0 ? Math.round(shown) : shown.toFixed(shown >= 10 ? 1 : 2)} ${units[power]}`;
};

export function formatBitrate(bits: number | null | undefined): string {
  return bits === null || bits === undefined ? unknown : scaled(bits, 1000, ['b/s', 'kb/s', 'Mb/s', 'Gb/s']);
}

export function formatBytes(bytes: number | null | undefined): string {
  return bytes === null || bytes === undefined ? unknown : scaled(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']);
}

const zoned = new Map<string, Intl.DateTimeFormat>();

function formatter(locale: Locale, timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${timeZone} ${JSON.stringify(options)}`;
  const known = zoned.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, { ...options, timeZone, hourCycle: 'h23' });
  zoned.set(key, made);
  return made;
}

type Moment = { ms: number; timeZone: string; locale: Locale };

/** `18:42:07` at the place. */
export const formatClock = ({ ms, timeZone, locale }: Moment): string =>
  formatter(locale, timeZone, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(ms);

/** `18:42` at the place. */
export const formatMinute = ({ ms, timeZone, locale }: Moment): string =>
  formatter(locale, timeZone, { hour: '2-digit', minute: '2-digit' }).format(ms);

/** `22 Nov 18:42:07` at the place. */
export const formatMoment = ({ ms, timeZone, locale }: Moment): string =>
  formatter(locale, timeZone, {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(ms);

/** `GMT+9`, so that a time at the place is not taken for one's own. */
export const formatZone = ({ ms, timeZone, locale }: Moment): string =>
  formatter(locale, timeZone, { timeZoneName: 'short', hour: '2-digit' })
    .formatToParts(ms)
    .find((part) => part.type === 'timeZoneName')?.value ?? timeZone;

export const formatCoordinates = (latitude: number, longitude: number): string =>
  `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`;

const codecNames: readonly (readonly [RegExp, string])[] = [
  [/^avc[13]\.(..)/, 'H.264'],
  [/^h(ev|vc)1/, 'H.265'],
  [/^av01/, 'AV1'],
  [/^vp09/, 'VP9'],
  [/^mp4a/, 'AAC'],
  [/^opus/i, 'Opus'],
];
const avcProfiles: Readonly<Record<string, string>> = {
  '42': 'Baseline',
  '4d': 'Main',
  '58': 'Extended',
  '64': 'High',
};

/** RFC 6381 names in the words of the trade: `avc1.64001f,mp4a.40.2` → `H.264 High + AAC`. */
export function formatCodecs(codecs: string | null | undefined): string {
  if (!codecs) return unknown;
  return codecs
    .split(',')
    .map((codec) => codec.trim())
    .map((codec) => {
      const name = codecNames.find(([pattern]) => pattern.test(codec))?.[1] ?? codec;
      const profile = avcProfiles[/^avc[13]\.(..)/.exec(codec)?.[1]?.toLowerCase() ?? ''];
      return profile ? `${name} ${profile}` : name;
    })
    .join(' + ');
}

/** The name of a thing in the reader's language, where it has one. */
export const localName = (names: { name: string; nameJa: string | null }, locale: Locale): string =>
  (locale === 'ja' ? names.nameJa : null) ?? names.name;

export const localPlace = (names: { place: string | null; placeJa: string | null }, locale: Locale): string | null =>
  (locale === 'ja' ? names.placeJa : null) ?? names.place;
