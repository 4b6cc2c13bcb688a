import { cameraStates, type CameraState } from '#server/contracts/camera-words.ts';
import type { EarthCluster, EarthPoint } from '#server/contracts/earth.ts';

/** The state of most cameras of a cluster: its colour. */
export function commonState({ states }: EarthCluster): CameraState {
  return cameraStates.reduce<CameraState>(
    (most, state) => ((states[state] ?? 0) > (states[most] ?? 0) ? state : most),
    'live',
  );
}

/** `5.2k`: what fits a circle. */
export const shortCount = (count: number): string =>
  count < 1000 ? `${count}` : count < 9950 ? `${(count / 1000).toFixed(1)}k` : `${Math.round(count / 1000)}k`;

type ItemProperties = { key: string; state: CameraState; count: number; label: string; isMarked: boolean };

/** GeoJSON (RFC 7946). */
type ItemFeature = {
  type: 'Feature';
  geometry: { type: 'Point'; coordinates: [number, number] };
  properties: ItemProperties;
};

function feature(place: { latitude: number; longitude: number }, properties: ItemProperties): ItemFeature {
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [place.longitude, place.latitude] },
    properties,
  };
}

/** Everything on the map as the source of its layers; what is marked by its key is ringed. */
export function itemsGeoJson(
  points: readonly EarthPoint[],
  clusters: readonly EarthCluster[],
  marked: readonly (string | null)[],
): { type: 'FeatureCollection'; features: ItemFeature[] } {
  const isMarked = (key: string) => marked.includes(key);
  return {
    type: 'FeatureCollection',
    features: [
      ...points.map((point) =>
        feature(point, { key: point.id, state: point.state, count: 1, label: '', isMarked: isMarked(point.id) }),
      ),
      ...clusters.map((cluster) => {
        const key = `${cluster.id}`;
        const { count } = cluster;
        const state = commonState(cluster);
        return feature(cluster, { key, state, count, label: shortCount(count), isMarked: isMarked(key) });
      }),
    ],
  };
}
