import type { EarthFind } from '#server/contracts/earth.ts';

/** Whether what was found for other words answers these as well, as far as that can be told without the server's dictionaries. */
export function fits(find: EarthFind, query: string): boolean {
  const words = query.toLowerCase();
  const includes = (text: string | null) => text?.toLowerCase().includes(words) ?? false;
  switch (find.type) {
    case 'camera':
      return [find.camera.name, find.camera.nameJa, find.camera.place, find.camera.placeJa].some((text) =>
        includes(text),
      );
    case 'city':
      return includes(find.name) || includes(find.nameJa);
    case 'country':
    case 'coordinates':
      return false;
  }
}
