import type { ExpressionSpecification, StyleSpecification } from 'maplibre-gl';

import { namesOver } from './covered-names.ts';
import { bordersAddress, landAddress } from './land.ts';
import type { Look } from './map-images.ts';

export const itemLayers = ['cluster', 'camera'];
const nothing = { type: 'FeatureCollection' as const, features: [] };
/** A name under a control is not written. */
const nameOpacity: ExpressionSpecification = ['case', ['boolean', ['feature-state', 'isHidden'], false], 0, 1];

/** Our own land and borders, our own marks: nothing of this map comes from elsewhere. */
export function mapStyle({ colour }: Look): StyleSpecification {
  const stateColour: ExpressionSpecification = [
    'match',
    ['get', 'state'],
    'live',
    colour('--live'),
    ['delayed', 'still'],
    colour('--delayed'),
    'demo',
    colour('--demo'),
    'error',
    colour('--error'),
    colour('--offline'),
  ];
  return {
    version: 8,
    sources: {
      land: { type: 'geojson', data: landAddress, tolerance: 0.2 },
      borders: { type: 'geojson', data: bordersAddress, tolerance: 0.2 },
      countries: { type: 'geojson', data: nothing, promoteId: 'id' },
      labels: { type: 'geojson', data: nothing, promoteId: 'id' },
      wedge: { type: 'geojson', data: nothing },
      items: { type: 'geojson', data: nothing },
    },
    layers: [
      { id: 'sea', type: 'background', paint: { 'background-color': colour('--ground') } },
      { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': colour('--raised') } },
      { id: 'coast', type: 'line', source: 'land', paint: { 'line-color': colour('--line-strong'), 'line-width': 1 } },
      { id: 'border', type: 'line', source: 'borders', paint: { 'line-color': colour('--line'), 'line-width': 1 } },
      {
        id: 'label',
        type: 'symbol',
        source: 'labels',
        layout: {
          'icon-image': ['get', 'image'],
          'icon-offset': [0, -namesOver.label],
          'symbol-sort-key': ['get', 'rank'],
        },
        paint: { 'icon-opacity': nameOpacity },
      },
      // Over the cities': where both have no room, the country's name stands.
      {
        id: 'country',
        type: 'symbol',
        source: 'countries',
        filter: ['all', ['>=', ['zoom'], ['-', ['get', 'from'], 0.5]], ['<', ['zoom'], ['get', 'to']]],
        layout: { 'icon-image': ['get', 'image'], 'symbol-sort-key': ['get', 'rank'] },
        paint: { 'icon-opacity': nameOpacity },
      },
      {
        id: 'wedge',
        type: 'symbol',
        source: 'wedge',
        layout: {
          'icon-image': 'wedge',
          'icon-rotate': ['get', 'bearing'],
          'icon-rotation-alignment': 'map',
          'icon-allow-overlap': true,
        },
      },
      // The open camera keeps its ring where it stands in a cluster.
      {
        id: 'open',
        type: 'circle',
        source: 'wedge',
        paint: {
          'circle-color': 'transparent',
          'circle-radius': 10,
          'circle-stroke-width': 1.5,
          'circle-stroke-color': colour('--signal'),
        },
      },
      {
        id: 'cluster',
        type: 'circle',
        source: 'items',
        filter: ['>', ['get', 'count'], 1],
        paint: {
          'circle-color': colour('--ground'),
          'circle-radius': ['+', 11, ['*', 3, ['log10', ['get', 'count']]]],
          'circle-stroke-width': 1.5,
          'circle-stroke-color': ['case', ['get', 'isMarked'], colour('--signal'), stateColour],
        },
      },
      {
        id: 'count',
        type: 'symbol',
        source: 'items',
        filter: ['>', ['get', 'count'], 1],
        layout: { 'icon-image': ['concat', 'count:', ['get', 'label']], 'icon-allow-overlap': true },
      },
      {
        id: 'camera',
        type: 'symbol',
        source: 'items',
        filter: ['==', ['get', 'count'], 1],
        layout: { 'icon-image': ['concat', 'mark:', ['get', 'state']], 'icon-allow-overlap': true },
      },
      {
        id: 'marked',
        type: 'circle',
        source: 'items',
        filter: ['all', ['==', ['get', 'count'], 1], ['get', 'isMarked']],
        paint: {
          'circle-color': 'transparent',
          'circle-radius': 10,
          'circle-stroke-width': 1.5,
          'circle-stroke-color': colour('--signal'),
        },
      },
    ],
  };
}
