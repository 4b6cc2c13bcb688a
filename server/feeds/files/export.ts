import type { CameraForOwner } from '#server/contracts/camera.ts';
import type { ImportFormat } from '#server/contracts/feeds.ts';

import { csvOf } from './csv.ts';
import { m3uOf } from './m3u.ts';
import { opmlOf } from './opml.ts';

/** What leaves the house: the address without user, password and query. */
export type ExportedCamera = Pick<
  CameraForOwner,
  | 'name'
  | 'nameJa'
  | 'place'
  | 'placeJa'
  | 'latitude'
  | 'longitude'
  | 'bearing'
  | 'kind'
  | 'addressHint'
  | 'licence'
  | 'attribution'
  | 'attributionUrl'
>;

const columns = [
  'name',
  'nameJa',
  'place',
  'placeJa',
  'latitude',
  'longitude',
  'bearing',
  'kind',
  'address',
  'licence',
  'attribution',
  'attributionUrl',
] as const;

const mediaTypes: Record<ImportFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  geojson: 'application/geo+json',
  m3u: 'audio/x-mpegurl',
  opml: 'text/x-opml; charset=utf-8',
};

/** A file that the import of this house reads back as it was. */
export function exportOf(
  cameras: readonly ExportedCamera[],
  format: ImportFormat,
): { name: string; mediaType: string; text: string } {
  return { name: `cameras.${format}`, mediaType: mediaTypes[format], text: textOf(cameras.map(valuesOf), format) };
}

type Values = Record<(typeof columns)[number], string | number | null>;

function valuesOf({ addressHint, ...camera }: ExportedCamera): Values {
  return { ...camera, address: addressHint };
}

function textOf(rows: readonly Values[], format: ImportFormat): string {
  switch (format) {
    case 'csv':
      return csvOf(columns, rows);
    case 'geojson':
      return JSON.stringify({ type: 'FeatureCollection', features: rows.map(featureOf) }, null, 1);
    case 'm3u':
      return m3uOf(
        rows.map((row) => {
          const fields = said(row);
          // They stand on lines of their own; the name besides, because a title loses quotes and ends at the line.
          fields.delete('address');
          return { title: String(row.name), url: String(row.address ?? ''), fields };
        }),
      );
    case 'opml':
      return opmlOf(
        'Cameras',
        rows.map((row) => new Map([['text', String(row.name)], ...said(row)])),
      );
  }
}

function featureOf({ latitude, longitude, ...properties }: Values) {
  return { type: 'Feature', geometry: { type: 'Point', coordinates: [longitude, latitude] }, properties };
}

/** Texts of the fields that have a value. */
function said(row: Values): Map<string, string> {
  return new Map(columns.flatMap((column) => (row[column] === null ? [] : [[column, String(row[column])] as const])));
}
