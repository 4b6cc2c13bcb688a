'use client';

import 'maplibre-gl/dist/maplibre-gl.css';
import { Map as MapLibre, setWorkerUrl, type GeoJSONSource, type MapMouseEvent } from 'maplibre-gl';
import { useLocale } from 'next-intl';
import { useEffect, useEffectEvent, useImperativeHandle, useRef, useState, type Ref } from 'react';

import type { GeoBounds } from '#server/contracts/earth.ts';

import { zoomsOfName } from '../../_lib/country-names.ts';
import { wrapLongitude, zoomMax } from '../../_lib/earth-address.ts';
import {
  placeOf,
  type EarthItem,
  type SurfaceHandle,
  type SurfaceProps,
  type SurfaceView,
} from '../../_lib/earth-surface.ts';
import { localName } from '../../_lib/format.ts';
import { itemsGeoJson } from './items-geojson.ts';
import { drawnImage, textImage, type Look } from './map-images.ts';
import { itemLayers, mapStyle } from './map-style.ts';

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

/** The planet as a flat map: the same cameras, the same hand, by choice. */
export function FlatMap({ ref, ...shown }: SurfaceProps & { ref?: Ref<SurfaceHandle> }) {
  const locale = useLocale();
  const box = useRef<HTMLDivElement>(null);
  const map = useRef<MapLibre | null>(null);
  const [isReady, setIsReady] = useState(false);
  const { points, clusters, labels, countries, selectedId, hoverKey, wedge, inset } = shown;

  useImperativeHandle(
    ref,
    () => ({
      flyTo: ({ latitude, longitude, zoom, heading = 0, tilt = 0 }) => {
        const to = { center: { lat: latitude, lng: longitude }, zoom, bearing: heading, pitch: tilt };
        if (isCalm()) map.current?.jumpTo(to);
        else map.current?.flyTo({ ...to, maxDuration: 2500 });
      },
      project: (place) => {
        const at = map.current?.project([place.longitude, place.latitude]);
        return at ? { x: at.x, y: at.y } : null;
      },
    }),
    [],
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
    made.on('move', () => tell(made));
    made.on('resize', () => tell(made));
    made.on('mousemove', (event) => hover(event));
    made.on('mouseout', () => leave());
    made.on('click', (event) => choose(event));
    return () => {
      map.current = null;
      made.remove();
    };
  }, []);

  useEffect(() => {
    if (!isReady || !map.current) return;
    void sourceOf(map.current, 'items')?.setData(itemsGeoJson(points, clusters, [selectedId, hoverKey]));
  }, [isReady, points, clusters, selectedId, hoverKey]);
  useEffect(() => {
    if (!isReady || !map.current) return;
    void sourceOf(map.current, 'labels')?.setData({
      type: 'FeatureCollection',
      features: labels.map((label) => ({
        type: 'Feature',
        geometry: { type: 'Point', coordinates: [label.longitude, label.latitude] },
        properties: { image: textImage('label', localName(label, locale)), rank: -label.population },
      })),
    });
  }, [isReady, labels, locale]);
  useEffect(() => {
    if (!isReady || !map.current) return;
    void sourceOf(map.current, 'countries')?.setData({
      type: 'FeatureCollection',
      features: countries.map(({ name, latitude, longitude, radiusDegrees }) => ({
        type: 'Feature',
        geometry: { type: 'Point', coordinates: [longitude, latitude] },
        properties: {
          image: textImage('country', name.toLocaleUpperCase(locale)),
          rank: -radiusDegrees,
          ...zoomsOfName(radiusDegrees),
        },
      })),
    });
  }, [isReady, countries, locale]);
  useEffect(() => {
    if (!isReady || !map.current) return;
    void sourceOf(map.current, 'wedge')?.setData({
      type: 'FeatureCollection',
      features: wedge
        ? [
            {
              type: 'Feature',
              geometry: { type: 'Point', coordinates: [wedge.longitude, wedge.latitude] },
              properties: { bearing: wedge.bearing },
            },
          ]
        : [],
    });
  }, [isReady, wedge]);
  useEffect(() => {
    map.current?.easeTo({ padding: inset, duration: isCalm() ? 0 : 300 });
  }, [inset]);

  return (
    <div className="absolute inset-0">
      <div ref={box} className="size-full" />
    </div>
  );
}
