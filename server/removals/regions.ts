import type { PictureRegion } from '#server/contracts/picture-region.ts';

const nameOf = (region: PictureRegion): string => JSON.stringify(region);

/** All of `masks` and what of `added` is not there yet. */
export function mergeRegions(masks: readonly PictureRegion[], added: readonly PictureRegion[]): PictureRegion[] {
  return [...new Map([...masks, ...added].map((region) => [nameOf(region), region])).values()];
}

/** `masks` without `taken`, but for what `wanted` asks for as well. */
export function withoutRegions(
  masks: readonly PictureRegion[],
  taken: readonly PictureRegion[],
  wanted: readonly PictureRegion[],
): PictureRegion[] {
  const kept = new Set(wanted.map(nameOf));
  const gone = new Set(taken.map(nameOf).filter((name) => !kept.has(name)));
  return masks.filter((region) => !gone.has(nameOf(region)));
}
