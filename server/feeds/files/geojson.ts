import { z } from 'zod';

import { columnsOf, FileFault, rowsMax, type Table } from './table.ts';

const collection = z.object({ type: z.literal('FeatureCollection'), features: z.array(z.unknown()) });
const single = z.object({ type: z.literal('Feature') }).loose();
const feature = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  geometry: z.object({ type: z.string(), coordinates: z.array(z.unknown()) }).nullable(),
  properties: z.record(z.string(), z.unknown()).nullish(),
});
const position = z.tuple([z.number(), z.number()]).rest(z.unknown());

/** Features that are points; longitude stands first (RFC 7946 §3.1.1). */
export function readGeojson(text: string): Table {
  const features = featuresOf(text);
  if (features.length > rowsMax)
    throw new FileFault('ROWS_MANY', `it has more than ${rowsMax} features`, { about: rowsMax });
  const table: Table = { columns: [], rows: [], rejected: [] };
  for (const [index, given] of features.entries()) {
    const row = `feature ${index + 1}`;
    const parsed = feature.safeParse(given);
    if (!parsed.success) {
      table.rejected.push({ row, code: 'NOT_POINT', about: null });
      continue;
    }
    const { id, geometry, properties } = parsed.data;
    const points = geometry?.type === 'MultiPoint' ? geometry.coordinates[0] : geometry?.coordinates;
    const point = position.safeParse(points);
    if (!geometry || !/^(?:Multi)?Point$/.test(geometry.type) || !point.success) {
      table.rejected.push({ row, code: 'NOT_POINT', about: geometry?.type ?? null });
      continue;
    }
    const fields = new Map(
      Object.entries(properties ?? {}).flatMap(([name, value]) => {
        const written = textOf(value);
        return written === null ? [] : [[name, written] as const];
      }),
    );
    if (id !== undefined && !fields.has('id')) fields.set('id', String(id));
    // The geometry is what counts, whatever the properties say.
    fields.set('latitude', String(point.data[1]));
    fields.set('longitude', String(point.data[0]));
    table.rows.push({ row, fields });
  }
  table.columns = columnsOf(table.rows);
  return table;
}

function featuresOf(text: string): unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new FileFault('NOT_JSON', 'it is not whole JSON', { cause });
  }
  const found = collection.safeParse(value);
  if (found.success) return found.data.features;
  if (single.safeParse(value).success) return [value];
  throw new FileFault('NOT_GEOJSON', 'it is not a GeoJSON FeatureCollection');
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}
