import { nameStrength } from '../../_lib/country-names.ts';
import type { EarthPosition } from '../../_lib/earth-address.ts';
import type { SurfaceProps } from '../../_lib/earth-surface.ts';
import { localName } from '../../_lib/format.ts';
import type { Locale } from '../../_lib/locale.ts';
import { isCovered } from './covered-names.ts';
import { drawMark, tokenOf } from './draw-mark.ts';
import { commonState, shortCount } from './items-geojson.ts';
import type { Ring } from './land.ts';
import { northing, toPixels, worldPx, type Box } from './projection.ts';

type MapPicture = Pick<
  SurfaceProps,
  'points' | 'clusters' | 'labels' | 'countries' | 'selectedId' | 'hoverKey' | 'wedge' | 'covers'
> & {
  land: readonly Ring[] | null;
  middle: EarthPosition;
  box: Box;
  locale: Locale;
};

type Outline = { points: Float64Array; west: number; east: number; north: number; south: number };
const outlines = new WeakMap<readonly Ring[], readonly Outline[]>();

/** The coasts with the equator as long as 1, y downwards: made once for any view. */
function outlinesOf(land: readonly Ring[]): readonly Outline[] {
  const known = outlines.get(land);
  if (known) return known;
  const made = land.map((ring): Outline => {
    const points = Float64Array.from(ring.flatMap(([longitude, latitude]) => [longitude / 360, -northing(latitude)]));
    const across = points.filter((_, index) => index % 2 === 0);
    const down = points.filter((_, index) => index % 2 === 1);
    const least = (values: Float64Array) => values.reduce((low, value) => Math.min(low, value), 9);
    const most = (values: Float64Array) => values.reduce((high, value) => Math.max(high, value), -9);
    return { points, west: least(across), east: most(across), north: least(down), south: most(down) };
  });
  outlines.set(land, made);
  return made;
}

/** Further out than this a line is drawn no further: a rasteriser gives up on coordinates of millions. */
const farPx = 30_000;
const near = (value: number): number => Math.min(farPx, Math.max(-farPx, value));

/** As many copies of the world side by side as the box is wide; of each what lies in the box. */
function drawLand(pen: CanvasRenderingContext2D, land: readonly Ring[], middle: EarthPosition, box: Box): void {
  const world = worldPx(middle.zoom);
  const top = box.centreY + northing(middle.latitude) * world;
  const copies = Math.ceil(Math.max(box.centreX, box.width - box.centreX) / world + 0.5);
  pen.beginPath();
  for (let copy = -copies; copy <= copies; copy += 1) {
    const left = box.centreX + (copy - middle.longitude / 360) * world;
    for (const { points, west, east, north, south } of outlinesOf(land)) {
      if (left + east * world < 0 || left + west * world > box.width) continue;
      if (top + south * world < 0 || top + north * world > box.height) continue;
      let lastX = Number.NaN;
      let lastY = Number.NaN;
      for (let at = 0; at < points.length; at += 2) {
        const x = near(left + (points[at] ?? 0) * world);
        const y = near(top + (points[at + 1] ?? 0) * world);
        // Points in the same pixel cost time and show nothing.
        if (Math.abs(x - lastX) < 0.6 && Math.abs(y - lastY) < 0.6) continue;
        if (at === 0) pen.moveTo(x, y);
        else pen.lineTo(x, y);
        lastX = x;
        lastY = y;
      }
      pen.closePath();
    }
  }
  pen.fill('evenodd');
  pen.stroke();
}

const countriesMax = 40;
const nameHalfHeight = 8;
type Written = { x: number; y: number; half: number };

/** The largest countries' names that do not touch each other. */
function drawCountries(
  pen: CanvasRenderingContext2D,
  {
    countries,
    middle,
    box,
    locale,
    covers,
    family,
  }: Pick<MapPicture, 'countries' | 'middle' | 'box' | 'locale' | 'covers'> & { family: string },
): Written[] {
  const written: Written[] = [];
  pen.font = `500 11px ${family}`;
  pen.letterSpacing = '1.2px';
  for (const country of countries) {
    if (written.length === countriesMax) break;
    const strength = nameStrength(country.radiusDegrees, middle.zoom);
    if (strength === 0) continue;
    const { x, y } = toPixels(country, middle, box);
    if (x < 0 || y < 0 || x > box.width || y > box.height) continue;
    const text = country.name.toLocaleUpperCase(locale);
    const half = pen.measureText(text).width / 2 + 4;
    if (isCovered({ x, y, halfWidth: half, halfHeight: nameHalfHeight }, covers)) continue;
    if (written.some((other) => Math.abs(other.x - x) < other.half + half && Math.abs(other.y - y) < 16)) continue;
    written.push({ x, y, half });
    pen.globalAlpha = strength;
    pen.fillText(text, x, y);
  }
  pen.globalAlpha = 1;
  pen.letterSpacing = '0px';
  return written;
}

const wedgeRadiusPx = 64;
const wedgeHalf = (25 * Math.PI) / 180;

function drawRing(pen: CanvasRenderingContext2D, x: number, y: number, colour: string): void {
  pen.lineWidth = 1.5;
  pen.strokeStyle = colour;
  pen.beginPath();
  pen.arc(x, y, 10, 0, 2 * Math.PI);
  pen.stroke();
}

/** Draws the whole picture anew: some thousands of marks take a few milliseconds. */
export function drawMap(canvas: HTMLCanvasElement, picture: MapPicture): void {
  const { middle, box, land, points, clusters, labels, countries, covers, selectedId, hoverKey, wedge, locale } =
    picture;
  const ratio = Math.min(2, window.devicePixelRatio);
  canvas.width = Math.round(box.width * ratio);
  canvas.height = Math.round(box.height * ratio);
  const pen = canvas.getContext('2d');
  if (!pen) return;
  const style = getComputedStyle(canvas);
  const colour = (token: string) => style.getPropertyValue(token);
  pen.scale(ratio, ratio);
  pen.lineWidth = 1;
  pen.fillStyle = colour('--raised');
  pen.strokeStyle = colour('--line-strong');
  if (land) drawLand(pen, land, middle, box);
  const isSeen = ({ x, y }: { x: number; y: number }) =>
    x > -40 && y > -40 && x < box.width + 40 && y < box.height + 40;

  pen.textAlign = 'center';
  pen.fillStyle = colour('--faint');
  const named = drawCountries(pen, { countries, middle, box, locale, covers, family: style.fontFamily });
  pen.font = `12px ${style.fontFamily}`;
  for (const label of labels) {
    const at = toPixels(label, middle, box);
    const isTaken = named.some(({ x, y, half }) => Math.abs(at.x - x) < half + 24 && Math.abs(at.y - 12 - y) < 14);
    if (!isSeen(at) || isTaken) continue;
    const name = localName(label, locale);
    const halfWidth = pen.measureText(name).width / 2;
    if (isCovered({ x: at.x, y: at.y - 12, halfWidth, halfHeight: nameHalfHeight }, covers)) continue;
    pen.fillText(name, at.x, at.y - 8);
  }
  if (wedge) {
    const { x, y } = toPixels(wedge, middle, box);
    const towards = ((wedge.bearing - 90) * Math.PI) / 180;
    pen.globalAlpha = 0.3;
    pen.fillStyle = colour('--signal');
    pen.beginPath();
    pen.moveTo(x, y);
    pen.arc(x, y, wedgeRadiusPx, towards - wedgeHalf, towards + wedgeHalf);
    pen.fill();
    pen.globalAlpha = 1;
    drawRing(pen, x, y, colour('--signal'));
  }
  pen.lineWidth = 1.5;
  for (const point of points) {
    const { x, y } = toPixels(point, middle, box);
    if (!isSeen({ x, y })) continue;
    pen.fillStyle = colour(tokenOf[point.state]);
    pen.strokeStyle = pen.fillStyle;
    drawMark(pen, point.state, x, y, 4.5);
    if (point.id !== selectedId && point.id !== hoverKey) continue;
    drawRing(pen, x, y, colour('--signal'));
  }
  pen.textBaseline = 'middle';
  pen.font = `12px ${style.getPropertyValue('--font-mono') || 'monospace'}`;
  for (const cluster of clusters) {
    const { x, y } = toPixels(cluster, middle, box);
    if (!isSeen({ x, y })) continue;
    const radius = 11 + Math.log10(cluster.count) * 3;
    pen.fillStyle = colour('--ground');
    pen.strokeStyle = colour(`${cluster.id}` === hoverKey ? '--signal' : tokenOf[commonState(cluster)]);
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fill();
    pen.stroke();
    pen.fillStyle = colour('--text');
    pen.fillText(shortCount(cluster.count), x, y + 0.5);
  }
}
