import type { CameraInput } from '#server/contracts/camera.ts';

export function textsOf(input: CameraInput) {
  return {
    nameJa: input.nameJa ?? null,
    place: input.place ?? null,
    placeJa: input.placeJa ?? null,
    licence: input.licence ?? null,
    attribution: input.attribution ?? null,
    attributionUrl: input.attributionUrl ?? null,
  };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the fields that are left out. */
export function defined<T extends object>(value: T): Defined<T> {
  // Entries are copied as they are and only undefined ones left away, so the shape holds.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- said above
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Defined<T>;
}
