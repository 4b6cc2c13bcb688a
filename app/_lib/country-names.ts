/** A name is written while its country is about this wide on the screen: smaller it has no room, larger it is everywhere. */
const pixelsFrom = 30;
const pixelsTo = 1000;
/** The planet at a glance is free of them, and near the ground one knows where one is. */
const zoomFrom = 1.9;
const zoomTo = 7.4;
/** Of a zoom step, for coming and going. */
const fadeZoom = 0.35;
const equatorPixels = 512;

/** The zooms between which a country is named. */
export function zoomsOfName(radiusDegrees: number): { from: number; to: number } {
  const zoomAt = (pixels: number) => Math.log2((pixels * 360) / (equatorPixels * 2 * radiusDegrees));
  return { from: Math.max(zoomFrom, zoomAt(pixelsFrom)), to: Math.min(zoomTo, zoomAt(pixelsTo)) };
}

/** 0 where a country is not named, 1 where it is, between them where its name comes or goes. */
export function nameStrength(radiusDegrees: number, zoom: number): number {
  const { from, to } = zoomsOfName(radiusDegrees);
  return Math.max(0, Math.min(1, (zoom - from) / fadeZoom, (to - zoom) / fadeZoom));
}
