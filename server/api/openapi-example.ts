import type { oas31 } from 'zod-openapi';

type Schema = oas31.SchemaObject | oas31.ReferenceObject;
type Schemas = Record<string, Schema>;

const id = '0198c2f4-7d1e-7a3b-9c55-0e6f1b2a3c4d';
const moment = '2026-11-20T08:15:30.123Z';

/** What fields of these names hold in examples, wherever their schema takes it. */
const byName: Record<string, readonly (string | number | boolean)[]> = {
  name: ['Shibuya crossing', 'roof'],
  nameJa: ['渋谷スクランブル交差点'],
  place: ['Tokyo'],
  placeJa: ['東京'],
  country: ['JP'],
  latitude: [35.6595],
  longitude: [139.7005],
  west: [139.5],
  south: [35.5],
  east: [139.9],
  north: [35.8],
  zoom: [9],
  bearing: [120],
  email: ['aya@example.org'],
  username: ['aya'],
  userName: ['aya'],
  displayName: ['Aya Tanaka'],
  password: ['correct horse battery staple'],
  timeZone: ['Asia/Tokyo'],
  locale: ['ja'],
  language: ['ja'],
  query: ['shibuya'],
  limit: [20],
  kind: ['rtsp'],
  address: ['rtsp://camera.example/stream1'],
  visibility: ['public'],
  mode: ['always'],
  licence: ['CC BY 4.0'],
  attribution: ['City of Shibuya'],
  reason: ['The camera looks into the windows of my flat.'],
  note: ['It looks into a private garden.'],
  token: ['pZ3xJt6m0cM5nB8vQ1wE4rT7yU2iO9aS'],
  key: ['pZ3xJt6m0cM5nB8vQ1wE4rT7yU2iO9aS'],
  refresh_token: ['rt_pZ3xJt6m0cM5nB8vQ1wE4rT7yU2iO9aS'],
  code: ['123456'],
  state: ['live'],
  states: [],
  version: ['0.1.0'],
  hls: [`/media/${id}/index.m3u8`],
  tail: [`/media/${id}/tail.mp4`],
  thumbnail: [`/media/${id}/thumb.jpg`],
  text: ['name,lat,lon,url\nHarbour,35.45,139.65,rtsp://camera.example/1'],
  permissions: ['camera:view'],
  url: ['https://hooks.example.org/sensorium'],
  ip: ['203.0.113.7'],
  userAgent: ['Mozilla/5.0'],
  buckets: [24],
  fps: [25],
  bitrate: [4_200_000],
  width: [1920],
  height: [1080],
  cameras: [42],
  total: [1],
  done: [1],
};

const formats: Record<string, string> = {
  uuid: id,
  'date-time': moment,
  date: moment.slice(0, 10),
  email: 'aya@example.org',
  uri: 'https://example.org/',
  ipv4: '203.0.113.7',
  base64: 'aGVsbG8=',
};

/** A value that a schema of the document takes, the same at each call. `wanted`: optional fields of an object are filled as well. */
export function exampleOf(
  schema: Schema,
  schemas: Schemas,
  { wanted, name = '' }: { wanted: boolean; name?: string },
): unknown {
  return sample(schema, { schemas, wanted, depth: 0 }, name);
}

interface Walk {
  schemas: Schemas;
  wanted: boolean;
  depth: number;
}

function sample(given: Schema, walk: Walk, name: string): unknown {
  const schema = resolve(given, walk.schemas);
  const deeper = { ...walk, depth: walk.depth + 1 };
  if (schema.const !== undefined) return schema.const;
  const named = byName[name]?.find((value) => takes(schema, value));
  if (named !== undefined) return named;
  if (schema.enum) return schema.enum[0];
  if (schema.default !== undefined) return schema.default;
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) {
    const there = choices.map((one) => resolve(one, walk.schemas)).filter(({ type }) => type !== 'null');
    const [choice] = there;
    if (!choice) return null;
    // Free text of which nothing is known says less than nothing at all.
    const isUnknownText = choice.type === 'string' && !choice.format && !choice.enum && !choice.pattern;
    if (isUnknownText && there.length < choices.length && !byName[name]?.some((value) => takes(choice, value)))
      return null;
    return sample(choice, deeper, name);
  }
  // As above, in the short form.
  if (Array.isArray(schema.type) && schema.type.includes('null') && !schema.format) return null;
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => sample(part, deeper, name)));
  switch (Array.isArray(schema.type) ? schema.type.find((type) => type !== 'null') : schema.type) {
    case 'object':
      return sampleObject(schema, deeper);
    case 'array':
      return sampleList(schema, deeper, name);
    case 'string':
      return sampleText(schema);
    case 'integer':
    case 'number':
      return sampleNumber(schema);
    case 'boolean':
      return false;
    case 'null':
    case undefined:
    default:
      return schema.type === undefined ? {} : null;
  }
}

function sampleObject(schema: oas31.SchemaObject, walk: Walk): Record<string, unknown> {
  const required = new Set(schema.required);
  return Object.fromEntries(
    Object.entries(schema.properties ?? {})
      .filter(([key]) => required.has(key) || (walk.wanted && walk.depth < 4))
      .map(([key, property]) => [key, sample(property, walk, key)]),
  );
}

function sampleList(schema: oas31.SchemaObject, walk: Walk, name: string): unknown[] {
  if (schema.prefixItems) return schema.prefixItems.map((item) => sample(item, walk, ''));
  const { items } = schema;
  if (!items || walk.depth > 6) return [];
  return Array.from({ length: Math.max(1, schema.minItems ?? 0) }, () => sample(items, walk, name));
}

function sampleText(schema: oas31.SchemaObject): string {
  const formatted = formats[schema.format ?? ''];
  if (formatted !== undefined && takes(schema, formatted)) return formatted;
  const candidates = [
    'text',
    'aaaaaa',
    '123456',
    'JP',
    'tfl',
    id,
    `https://example.org/`,
    'https://example.org',
    'camera:view',
    'Asia/Tokyo',
  ];
  const found = candidates.find((text) => takes(schema, text));
  return found ?? 'x'.repeat(schema.minLength ?? 1);
}

function sampleNumber(schema: oas31.SchemaObject): number {
  const least = typeof schema.exclusiveMinimum === 'number' ? schema.exclusiveMinimum + 1 : (schema.minimum ?? 0);
  return Math.max(least, Math.min(0, schema.maximum ?? 0));
}

function takes(schema: oas31.SchemaObject, value: unknown): boolean {
  if (schema.enum) return schema.enum.includes(value);
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  if (typeof value === 'string') {
    return (
      types.includes('string') &&
      value.length >= (schema.minLength ?? 0) &&
      value.length <= (schema.maxLength ?? Infinity) &&
      (schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(value)) &&
      (schema.format === undefined || formats[schema.format] === value || schema.format === 'uri')
    );
  }
  if (typeof value === 'number') {
    const isOfType = types.includes('number') || (types.includes('integer') && Number.isInteger(value));
    return isOfType && value >= (schema.minimum ?? -Infinity) && value <= (schema.maximum ?? Infinity);
  }
  return typeof value === 'boolean' && types.includes('boolean');
}

function resolve(schema: Schema, schemas: Schemas): oas31.SchemaObject {
  if (!isReference(schema)) return schema;
  const target = schemas[schema.$ref.replace('#/components/schemas/', '')];
  if (!target) throw new Error(`the document has no ${schema.$ref}`);
  return resolve(target, schemas);
}

function isReference(schema: Schema): schema is oas31.ReferenceObject {
  return typeof schema.$ref === 'string';
}
