export interface Coordinates {
  latitude: number;
  longitude: number;
}

const number = String.raw`\d+(?:\.\d+)?`;
const decimal = new RegExp(`^([-+]?${number})\\s*°?(?:\\s*[,;、]\\s*|\\s+)([-+]?${number})\\s*°?$`, 'u');
const angle = `(${number})\\s*[°度:]?(?:\\s*(${number})\\s*['分:]?)?(?:\\s*(${number})\\s*(?:"|'')?秒?)?`;
const side = '(n|s|e|w|北緯|南緯|東経|西経)';
const sideAfter = new RegExp(`^${angle}\\s*${side}[\\s,;、]*${angle}\\s*${side}$`, 'u');
const sideBefore = new RegExp(`^${side}\\s*${angle}[\\s,;、]*${side}\\s*${angle}$`, 'u');
const signs: Record<string, { axis: keyof Coordinates; sign: 1 | -1 }> = {
  n: { axis: 'latitude', sign: 1 },
  北緯: { axis: 'latitude', sign: 1 },
  s: { axis: 'latitude', sign: -1 },
  南緯: { axis: 'latitude', sign: -1 },
  e: { axis: 'longitude', sign: 1 },
  東経: { axis: 'longitude', sign: 1 },
  w: { axis: 'longitude', sign: -1 },
  西経: { axis: 'longitude', sign: -1 },
};

/**
 * Latitude and longitude in the forms people copy them in; null for anything else. (geo-coordinates-parser refuses fewer than three decimals and
 * knows no Japanese.)
 */
export function readCoordinates(text: string): Coordinates | null {
  const plain = text
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replaceAll('−', '-')
    .replaceAll(/[′’]/gu, "'")
    .replaceAll(/[″”]/gu, '"');
  const [, latitude, longitude] = decimal.exec(plain) ?? [];
  // Two whole numbers with nothing between them are a street number or a date at least as often.
  if (latitude !== undefined) return /[^\d\s]/u.test(plain) ? inRange(Number(latitude), Number(longitude)) : null;
  const [, ...after] = sideAfter.exec(plain) ?? [];
  if (after.length > 0) return joined([after[3], after.slice(0, 3)], [after[7], after.slice(4, 7)]);
  const [, ...before] = sideBefore.exec(plain) ?? [];
  return before.length > 0 ? joined([before[0], before.slice(1, 4)], [before[4], before.slice(5, 8)]) : null;
}

type Part = [side: string | undefined, angle: (string | undefined)[]];

function joined(...parts: [Part, Part]): Coordinates | null {
  const read: Partial<Coordinates> = {};
  for (const [name = '', degrees] of parts) {
    const found = signs[name];
    if (found)
      read[found.axis] = degrees.reduce(
        (sum, value, place) => sum + (found.sign * Number(value ?? 0)) / 60 ** place,
        0,
      );
  }
  return inRange(read.latitude, read.longitude);
}

function inRange(latitude: number | undefined, longitude: number | undefined): Coordinates | null {
  if (latitude === undefined || longitude === undefined) return null;
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
}
