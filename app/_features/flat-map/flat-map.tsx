'use client';

import 'maplibre-gl/dist/maplibre-gl.css';
import { Map as MapLibre, setWorkerUrl, type GeoJSONSource, type MapMouseEvent } from 'maplibre-gl';
import { useLocale } from 'next-intl';
import { useEffect, useEffectEvent, useImperativeHandle, useMemo, useRef, useState, type Ref } from 'react';

import type { GeoBounds } from '#server/contracts/earth.ts';

import { wrapLongitude, zoomMax } from '../../_lib/earth-address.ts';
import {
  placeOf,
  type EarthItem,
  type Flight,
  type Inset,
  type SurfaceHandle,
  type SurfaceProps,
  type SurfaceView,
} from '../../_lib/earth-surface.ts';
import { hideCoveredNames, type MapName } from './covered-names.ts';
import { itemsGeoJson } from './items-geojson.ts';
import { drawnImage, type Look } from './map-images.ts';
import { itemLayers, mapStyle } from './map-style.ts';
import { citiesGeoJson, countriesGeoJson, namesOf, wedgeGeoJson } from './names-geojson.ts';

const pickPx = 8;
/** Copied there from the package by bin/flat-map-assets.ts. */
const workerAddress = '/earth/maplibre-gl-worker.mjs';

function lookOf(element: HTMLElement): Look {
  const style = getComputedStyle(element);
  return {
    colour: (token) => style.getPropertyValue(token).trim(),
    sans: style.fontFamily,
    mono: style.getPropertyValue('--font-mono').trim() || 'monospace',
    ratio: Math.min(2, window.devicePixelRatio),
  };
}

function viewOf(map: MapLibre): SurfaceView {
  const { lat: latitude, lng } = map.getCenter();
  const box = map.getBounds();
  const isWhole = box.getEast() - box.getWest() >= 360;
  const bounds: GeoBounds = [
    isWhole ? -180 : wrapLongitude(box.getWest()),
    Math.max(-90, box.getSouth()),
    isWhole ? 180 : wrapLongitude(box.getEast()),
    Math.min(90, box.getNorth()),
  ];
  const side = { heading: map.getBearing(), tilt: map.getPitch() };
  return { latitude, longitude: wrapLongitude(lng), zoom: map.getZoom(), ...side, bounds };
}

const sourceOf = (map: MapLibre, name: string) => map.getSource<GeoJSONSource>(name);
const isCalm = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;

/** The place comes to stand in the middle of what the panels leave free. */
function flyOver(map: MapLibre, { latitude, longitude, zoom, heading = 0, tilt = 0 }: Flight, padding: Inset): void {
  const view = { center: { lat: latitude, lng: longitude }, zoom, bearing: heading, pitch: tilt, padding };
  if (isCalm()) map.jumpTo(view);
  else map.flyTo({ ...view, maxDuration: 2500 });
}

/** The planet as a flat map: the same cameras, the same hand, by choice. */
export function FlatMap({ ref, ...shown }: SurfaceProps & { ref?: Ref<SurfaceHandle> }) {
  const locale = useLocale();
  const box = useRef<HTMLDivElement>(null);
  const map = useRef<MapLibre | null>(null);
  /** Where it flies to. */
  const flight = useRef<Flight | null>(null);
  const [isReady, setIsReady] = useState(false);
  const { points, clusters, labels, countries, selectedId, hoverKey, wedge, inset, covers } = shown;
  const names = useMemo(() => namesOf(labels, countries, locale), [labels, countries, locale]);
  const hidden = useRef<ReadonlyMap<string, MapName>>(new Map());

  useImperativeHandle(
    ref,
    () => ({
      flyTo: (to) => {
        if (!map.current) return;
        flyOver(map.current, to, inset);
        // Behind the call, which ends the flight before it.
        flight.current = map.current.isMoving() ? to : null;
      },
      project: (place) => {
        const at = map.current?.project([place.longitude, place.latitude]);
        return at ? { x: at.x, y: at.y } : null;
      },
    }),
    [inset],
  );

  const itemAt = useEffectEvent(({ point, target }: MapMouseEvent): EarthItem | null => {
    const [found] = target.queryRenderedFeatures(
      [
        [point.x - pickPx, point.y - pickPx],
        [point.x + pickPx, point.y + pickPx],
      ],
      { layers: itemLayers },
    );
    const key: unknown = found?.properties['key'];
    const camera = shown.points.find((one) => one.id === key);
    if (camera) return { type: 'camera', point: camera };
    const cluster = shown.clusters.find((one) => `${one.id}` === key);
    return cluster ? { type: 'cluster', cluster } : null;
  });
  const hover = useEffectEvent((event: MapMouseEvent) => {
    const item = itemAt(event);
    const place = item ? placeOf(item) : null;
    const at = place ? event.target.project([place.longitude, place.latitude]) : null;
    event.target.getCanvas().style.cursor = item ? 'pointer' : '';
    shown.onHover(item, at ? { x: at.x, y: at.y } : null);
  });
  const choose = useEffectEvent((event: MapMouseEvent) => {
    const item = itemAt(event);
    if (item) shown.onSelect(item);
  });
  const tell = useEffectEvent((made: MapLibre) => shown.onView(viewOf(made)));
  const hideCovered = useEffectEvent((made: MapLibre) => {
    if (isReady) hidden.current = hideCoveredNames(made, names, covers, hidden.current);
  });
  const leave = useEffectEvent(() => shown.onHover(null, null));
  const begin = useEffectEvent((container: HTMLElement): MapLibre => {
    const look = lookOf(container);
    const { latitude, longitude, zoom, heading = 0, tilt = 0 } = shown.initialPosition;
    setWorkerUrl(workerAddress);
    const made = new MapLibre({
      container,
      style: mapStyle(look),
      center: [longitude, latitude],
      zoom,
      bearing: heading,
      pitch: tilt,
      maxZoom: zoomMax,
      attributionControl: false,
      // The page's own keys go from camera to camera.
      keyboard: false,
    });
    // The planet around it has the name and the focus.
    made.getCanvas().tabIndex = -1;
    made.getCanvas().removeAttribute('role');
    made.getCanvas().removeAttribute('aria-label');
    made.setMissingStyleImageResolver((id) => {
      const image = drawnImage(id, look);
      if (image && !made.hasImage(id)) made.addImage(id, image, { pixelRatio: look.ratio });
    });
    return made;
  });
  useEffect(() => {
    const container = box.current;
    if (!container) return undefined;
    const made = begin(container);
    map.current = made;
    made.on('style.load', () => {
      setIsReady(true);
      tell(made);
    });
    made.on('move', () => {
      tell(made);
      hideCovered(made);
    });
    // By then new names are drawn, and as wide as they are.
    made.on('idle', () => hideCovered(made));
    made.on('resize', () => tell(made));
    made.on('moveend', () => {
      flight.current = null;
    });
    made.on('mousemove', (event) => hover(event));
    made.on('mouseout', () => leave());
    made.on('click', (event) => choose(event));
    return () => {
      map.current = null;
      hidden.current = new Map();
      made.remove();
    };
  }, []);

  useEffect(() => {
    if (!isReady || !map.current) return;
    void sourceOf(map.current, 'items')?.setData(itemsGeoJson(points, clusters, [selectedId, hoverKey]));
  }, [isReady, points, clusters, selectedId, hoverKey]);
  useEffect(() => {
    if (!isReady || !map.current) return;
    void sourceOf(map.current, 'labels')?.setData(citiesGeoJson(labels, locale));
  }, [isReady, labels, locale]);
  useEffect(() => {
    if (!isReady || !map.current) return;
    void sourceOf(map.current, 'countries')?.setData(countriesGeoJson(countries, locale));
  }, [isReady, countries, locale]);
  useEffect(() => {
    if (!isReady || !map.current) return;
    void sourceOf(map.current, 'wedge')?.setData(wedgeGeoJson(wedge));
  }, [isReady, wedge]);
  useEffect(() => {
    if (isReady && map.current) hidden.current = hideCoveredNames(map.current, names, covers, hidden.current);
  }, [isReady, names, covers]);
  useEffect(() => {
    const to = flight.current;
    // A panel that opens on the way changes where the place is drawn, not that one flies there.
    if (map.current && to) {
      flyOver(map.current, to, inset);
      flight.current = to;
    } else map.current?.easeTo({ padding: inset, duration: isCalm() ? 0 : 300 });
  }, [inset]);

  return (
    <div className="absolute inset-0">
      <div ref={box} className="size-full" />
    </div>
  );
}
