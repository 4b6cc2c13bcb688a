import type { Map as MapLibre } from 'maplibre-gl';

import type { Cover, SurfacePoint } from '../../_lib/earth-surface.ts';
import { textImage, textImageHeight, type TextKind } from './map-images.ts';

/** A name as it is written: its middle, and half of what it takes. */
type WrittenName = SurfacePoint & { halfWidth: number; halfHeight: number };

/** Whether a name would stand under a control. */
export const isCovered = ({ x, y, halfWidth, halfHeight }: WrittenName, covers: readonly Cover[]): boolean =>
  covers.some(
    (cover) =>
      x + halfWidth > cover.x &&
      x - halfWidth < cover.x + cover.width &&
      y + halfHeight > cover.y &&
      y - halfHeight < cover.y + cover.height,
  );

/** A name of one of the map's sources. */
export type MapName = { source: string; id: string | number; kind: TextKind; text: string; at: [number, number] };

/** How far over its place a name is written, CSS pixels. */
export const namesOver = { label: 12, country: 0, count: 0 } as const satisfies Record<TextKind, number>;

/** About, until the name is drawn. */
const letterWidth = 7;

const keyOf = ({ source, id }: MapName): string => `${source} ${id}`;

/** Tells the map which names to leave out. Returns the names left out, for the next time. */
export function hideCoveredNames(
  map: MapLibre,
  names: readonly MapName[],
  covers: readonly Cover[],
  hidden: ReadonlyMap<string, MapName>,
): Map<string, MapName> {
  const next = new Map<string, MapName>();
  for (const name of names) {
    const { x, y } = map.project(name.at);
    const image = textImage(name.kind, name.text);
    const drawn = map.hasImage(image) ? map.getImage(image) : undefined;
    const width = drawn ? drawn.data.width / drawn.pixelRatio : name.text.length * letterWidth;
    const written = { x, y: y - namesOver[name.kind], halfWidth: width / 2, halfHeight: textImageHeight / 2 };
    if (isCovered(written, covers)) next.set(keyOf(name), name);
  }
  const tell = ({ source, id }: MapName, isHidden: boolean) => map.setFeatureState({ source, id }, { isHidden });
  for (const [key, name] of next) if (!hidden.has(key)) tell(name, true);
  for (const [key, name] of hidden) if (!next.has(key)) tell(name, false);
  return next;
}
