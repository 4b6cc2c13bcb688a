/** Made-up cameras spread over the planet the way real ones are: in heaps around cities, along roads, a few alone. */
export interface PlanetCamera {
  name: string;
  latitude: number;
  longitude: number;
  url: string;
}

const heaps: readonly (readonly [latitude: number, longitude: number, share: number])[] = [
  [35.68, 139.76, 12],
  [34.69, 135.5, 6],
  [51.5, -0.12, 10],
  [48.85, 2.35, 6],
  [52.52, 13.4, 5],
  [40.71, -74.0, 10],
  [34.05, -118.24, 10],
  [37.77, -122.42, 6],
  [60.17, 24.94, 8],
  [22.3, 114.17, 8],
  [1.35, 103.82, 4],
  [-33.87, 151.21, 5],
  [-23.55, -46.63, 4],
  [19.43, -99.13, 3],
  [28.61, 77.21, 4],
  [-1.29, 36.82, 2],
  [64.15, -21.94, 2],
  [49.28, -123.12, 6],
];

/** The same planet for the same seed. */
export function planet(count: number, seed = 1): PlanetCamera[] {
  const random = mulberry32(seed);
  const total = heaps.reduce((sum, [, , share]) => sum + share, 0);
  return Array.from({ length: count }, (_, index) => {
    let pick = random() * total;
    const heap = heaps.find(([, , share]) => (pick -= share) < 0) ?? heaps[0] ?? [0, 0, 1];
    const isAlone = random() < 0.12;
    // Most stand near the middle, some far out along the roads.
    const spread = isAlone ? 40 : random() < 0.3 ? 6 : 0.8;
    const latitude = clamp(heap[0] + bell(random) * spread, -80, 80);
    const longitude = wrap(heap[1] + (bell(random) * spread) / Math.cos((latitude * Math.PI) / 180));
    return {
      name: `Camera ${index + 1}`,
      latitude: Number(latitude.toFixed(5)),
      longitude: Number(longitude.toFixed(5)),
      // Nobody reads them here: the address is one that is never reached.
      url: `https://cameras.example.org/${index + 1}.jpg`,
    };
  });
}

export function planetCsv(cameras: readonly PlanetCamera[]): string {
  const rows = cameras.map(({ name, latitude, longitude, url }) => `${name},${latitude},${longitude},${url},snapshot`);
  return ['name,latitude,longitude,url,kind', ...rows].join('\n');
}

function bell(random: () => number): number {
  return random() + random() + random() - 1.5;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function wrap(longitude: number): number {
  return ((((longitude + 180) % 360) + 360) % 360) - 180;
}

/** Tommy Ettinger's mulberry32: small, seeded, good enough to place cameras. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
