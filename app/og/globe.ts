import { feature } from 'topojson-client';
import land from 'world-atlas/land-110m.json' with { type: 'json' };

interface Place {
  latitude: number;
  longitude: number;
}

const degree = Math.PI / 180;
const stepAngle = 4 * degree;

/** Land as an SVG path on a globe of radius 1 round 0,0, seen from far above `centre`. */
export function landPath(centre: Place): string {
  // The package's file is what the type says; TypeScript reads its "type" fields as any text.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- said above
  const topology = land as unknown as Parameters<typeof feature>[0];
  const object = topology.objects['land'];
  if (!object) return '';
  const shape = feature(topology, object);
  const shapes = shape.type === 'FeatureCollection' ? shape.features : [shape];
  return shapes
    .flatMap(({ geometry }) =>
      geometry.type === 'MultiPolygon'
        ? geometry.coordinates
        : geometry.type === 'Polygon'
          ? [geometry.coordinates]
          : [],
    )
    .flatMap((polygon) => polygon.map((ring) => ringPath(ring, centre)))
    .join('');
}

function ringPath(ring: readonly (readonly number[])[], centre: Place): string {
  let isSeen = false;
  let edge: number | null = null;
  const points: string[] = [];
  for (const [longitude = 0, latitude = 0] of ring) {
    const { x, y, depth } = project({ latitude, longitude }, centre);
    if (depth >= 0) {
      isSeen = true;
      edge = null;
      points.push(pointOf(x, y));
      continue;
    }
    // Behind the edge: drawn along it, in steps too short to see.
    const angle = Math.atan2(y, x);
    const turn = edge === null ? 0 : Math.atan2(Math.sin(angle - edge), Math.cos(angle - edge));
    const steps = Math.max(1, Math.ceil(Math.abs(turn) / stepAngle));
    for (let step = 1; step <= steps; step += 1) {
      const along = angle - turn * (1 - step / steps);
      points.push(pointOf(Math.cos(along), Math.sin(along)));
    }
    edge = angle;
  }
  return isSeen ? `M${points.join('L')}Z` : '';
}

const pointOf = (x: number, y: number): string => `${x.toFixed(4)} ${y.toFixed(4)}`;

function project({ latitude, longitude }: Place, centre: Place): { x: number; y: number; depth: number } {
  const [north, up, east] = [latitude * degree, centre.latitude * degree, (longitude - centre.longitude) * degree];
  return {
    x: Math.cos(north) * Math.sin(east),
    y: -(Math.cos(up) * Math.sin(north) - Math.sin(up) * Math.cos(north) * Math.cos(east)),
    depth: Math.sin(up) * Math.sin(north) + Math.cos(up) * Math.cos(north) * Math.cos(east),
  };
}
