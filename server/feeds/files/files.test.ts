import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { importFormat, type ImportFormat } from '#server/contracts/feeds.ts';

import { csvOf, readCsv } from './csv.ts';
import { degreesOf, pairOf } from './degrees.ts';
import { exportOf, type ExportedCamera } from './export.ts';
import { readGeojson } from './geojson.ts';
import { guessKind } from './guess-kind.ts';
import { readM3u } from './m3u.ts';
import { chosenMapping, guessMapping } from './mapping.ts';
import { readOpml } from './opml.ts';
import { columnsMax, formatOf, rowsMax, type Table } from './table.ts';
import { toCameras } from './to-cameras.ts';

const readers: Record<ImportFormat, (text: string) => Table> = {
  csv: readCsv,
  geojson: readGeojson,
  m3u: readM3u,
  opml: readOpml,
};

function read(format: ImportFormat, text: string, chosen?: Record<string, string | null>) {
  const table = readers[format](text);
  const { cameras, rejected } = toCameras(table, chosenMapping(table.columns, chosen), () => null);
  return { cameras: cameras.map(({ camera }) => camera), rejected };
}

describe('CSV', () => {
  test('reads quotes, semicolons, a byte order mark and Japanese headers', () => {
    const text =
      '\uFEFFカメラ名;緯度;経度;配信URL;方位\r\n"渋谷; ""交差点""";35.6595;139.7005;rtsp://cam.example/1;北\r\n';
    expect(read('csv', text).cameras).toMatchObject([
      { name: '渋谷; "交差点"', latitude: 35.6595, longitude: 139.7005, kind: 'rtsp', bearing: 0 },
    ]);
    expect(read('csv', text.replace('北', 'both ways')).cameras).toMatchObject([{ bearing: null }]);
  });

  test('says of every row that it leaves out why', () => {
    const { cameras, rejected } = read(
      'csv',
      [
        'name,lat,lon,url,type',
        'good,51.5,-0.12,https://cam.example/a.m3u8,',
        'no address,51.5,-0.12,,',
        'nowhere,,,https://cam.example/b.jpg,',
        'null island,0,0,https://cam.example/c.jpg,',
        'swapped,139.7,35.6,https://cam.example/d.jpg,',
        'odd,51,0.1,https://cam.example/page,',
        'twice,51.5,-0.12,https://cam.example/e.jpg,jpg',
        'twice,51.5,-0.12,https://cam.example/e.jpg,jpg',
      ].join('\n'),
    );
    expect(cameras.map((camera) => camera.name)).toEqual(['good', 'twice']);
    expect(rejected).toEqual([
      { row: 'row 3', code: 'NO_ADDRESS', about: null },
      { row: 'row 4', code: 'NO_POSITION', about: null },
      { row: 'row 5', code: 'POSITION_ZERO', about: null },
      { row: 'row 6', code: 'POSITION_NOWHERE', about: '139.7, 35.6' },
      { row: 'row 7', code: 'KIND_UNKNOWN', about: null },
      { row: 'row 9', code: 'SAME_AS', about: 'row 8' },
    ]);
  });

  test('a cell that a spreadsheet would run leaves as text and comes back as it was', () => {
    const rows = [{ name: '=HYPERLINK("http://evil.example")' }, { name: "'=x" }, { name: '-1' }];
    const text = csvOf(['name', 'n'], rows);
    expect(text).toContain(`'=HYPERLINK`);
    expect(readCsv(text).rows.map(({ fields }) => fields.get('name'))).toEqual(rows.map((row) => row.name));
  });

  test('a chosen mapping goes before the guess and may be a text for every row', () => {
    const text = 'a,b\nPort,https://cam.example/x.jpg\n';
    const chosen = { name: 'a', address: 'b', latitude: '=35.45', longitude: '=139.64', kind: '=snapshot' };
    expect(read('csv', text, chosen).cameras).toMatchObject([{ name: 'Port', latitude: 35.45, kind: 'snapshot' }]);
  });
});

test('channels of one recorder that differ in the query alone are cameras of their own, at each reading the same', () => {
  const row = (channel: number) => `Yard,35,139,rtsp://cam.example/live?channel=${channel}`;
  const text = ['name,lat,lon,url', row(1), row(2), row(1)].join('\n');
  const [first, second] = [read('csv', text), read('csv', text)];
  expect(first.cameras).toHaveLength(2);
  expect(first.rejected).toEqual([{ row: 'row 4', code: 'SAME_AS', about: 'row 2' }]);
  expect(new Set(first.cameras.map((camera) => camera.origin)).size).toBe(2);
  expect(second.cameras).toEqual(first.cameras);
});

test('GeoJSON: points are taken, longitude first, whatever the properties claim', () => {
  const point = { type: 'Point', coordinates: [139.7, 35.6] };
  const { cameras, rejected } = read(
    'geojson',
    JSON.stringify({
      type: 'FeatureCollection',
      features: [
        {
          type: 'Feature',
          geometry: point,
          properties: { title: 'A', url: 'https://c.example/a.jpg', lat: 1, lon: 1 },
        },
        { type: 'Feature', geometry: { type: 'LineString', coordinates: [[0, 0]] }, properties: {} },
        { type: 'Feature', geometry: null, properties: {} },
        'text',
      ],
    }),
  );
  expect(cameras).toMatchObject([{ name: 'A', latitude: 35.6, longitude: 139.7 }]);
  expect(rejected.map(({ code, about }) => [code, about])).toEqual([
    ['NOT_POINT', 'LineString'],
    ['NOT_POINT', null],
    ['NOT_POINT', null],
  ]);
});

test('M3U: titles, attributes and groups; an entry without a position says so', () => {
  const text = `#EXTM3U
#EXTINF:-1 tvg-id="a1" latitude="35.6" longitude="139.7" group-title="Tokyo",Bay, east
https://c.example/bay.m3u8
#EXTINF:-1,Lost
#EXTINF:-1,Nowhere
https://c.example/x.m3u8
`;
  const { cameras, rejected } = read('m3u', text);
  expect(cameras).toMatchObject([{ name: 'Bay, east', place: 'Tokyo', kind: 'hls', latitude: 35.6 }]);
  expect(rejected).toEqual([
    { row: 'line 4', code: 'NO_ADDRESS', about: null },
    { row: 'line 5', code: 'NO_POSITION', about: null },
  ]);
  expect(read('m3u', text, { latitude: '=1.3', longitude: '=103.8' }).cameras).toHaveLength(2);
});

test('OPML: outlines in groups; a document type or a deep nest is refused unread', () => {
  const text = `<?xml version="1.0"?><opml version="2.0"><body><outline text="Port">
    <outline text="Crane &amp; sea" type="mjpeg" xmlUrl="http://c.example/cam" lat="35.4" lon="139.6"/></outline></body></opml>`;
  expect(read('opml', text).cameras).toMatchObject([{ name: 'Crane & sea', kind: 'mjpeg', place: 'Port' }]);
  expect(() => readOpml('<!DOCTYPE o [<!ENTITY x "y">]><opml><body/></opml>')).toThrow('document type');
  expect(() => readOpml(`<opml><body>${'<outline>'.repeat(40)}${'</outline>'.repeat(40)}</body></opml>`)).toThrow(
    'deeper',
  );
});

test.each([
  ['csv', readCsv, '', 'COLUMNS_FEW', null],
  ['csv', readCsv, 'just words', 'COLUMNS_FEW', null],
  ['csv', readCsv, `a${',a'.repeat(columnsMax)}`, 'COLUMNS_MANY', String(columnsMax)],
  ['geojson', readGeojson, '{"type": "FeatureColl', 'NOT_JSON', null],
  ['geojson', readGeojson, '{"type": "Topology"}', 'NOT_GEOJSON', null],
  ['opml', readOpml, '<html></html>', 'HTML', null],
  ['opml', readOpml, '<opml><body>', 'NOT_XML', null],
  ['opml', readOpml, '<rss/>', 'NOT_OPML', null],
  ['m3u', readM3u, 'http://c.example/1\n'.repeat(rowsMax + 1), 'ROWS_MANY', String(rowsMax)],
])('%s that is none is refused with a code that the page has words for', (_name, reader, text, code, about) => {
  expect(() => reader(text)).toThrow(expect.objectContaining({ code, about }));
});

test('an address that no reader takes is refused with what it may begin with', () => {
  const table = readCsv('name,lat,lon,url,kind\nA,35,139,ftp://c.example/a,rtsp\n');
  const refuse = () => ({ code: 'ADDRESS_SCHEME', about: 'rtsp: rtsps:' }) as const;
  expect(toCameras(table, chosenMapping(table.columns, undefined), refuse).rejected).toEqual([
    { row: 'row 2', code: 'ADDRESS_SCHEME', about: 'rtsp: rtsps:' },
  ]);
});

test.each([
  ['cams.csv', 'a,b', 'csv'],
  ['cams.txt', '#EXTM3U\n', 'm3u'],
  ['cams', ' {"type"', 'geojson'],
  ['cams.xml', '<?xml version="1.0"?>', 'opml'],
  ['cams.csv', '<html lang="en">', 'opml'],
])('%s is known by its name or how it begins', (name, text, format) => {
  expect(formatOf(name, text)).toBe(format);
});

test.each([
  ['35.68', 35.68],
  ['35,68', 35.68],
  ['139.7 W', -139.7],
  ['35°41\'22"N', 35.689_444],
  ['北緯35度41分22秒', 35.689_444],
  ['-33°51′', -33.85],
  ['35:75', null],
  ['1e9', null],
  ['', null],
])('degrees %s', (text, degrees) => {
  const found = degreesOf(text);
  expect(found === null ? null : found.toFixed(4)).toBe(degrees?.toFixed(4) ?? null);
});

test('two in one text', () => {
  expect(pairOf('35.6, 139.7')).toEqual([35.6, 139.7]);
  expect(pairOf('35.6 139.7')).toEqual([35.6, 139.7]);
  expect(pairOf('35.6')).toBeNull();
});

test.each([
  ['', 'rtsps://c.example/x', 'rtsp'],
  ['', 'https://c.example/live/index.m3u8?x=1', 'hls'],
  ['', 'http://c.example/mjpg/video.mjpg', 'mjpeg'],
  ['', 'http://c.example/image.jpg?t=1', 'snapshot'],
  ['JPEG', 'http://c.example/cam', 'snapshot'],
  ['', 'https://c.example/', null],
  ['', 'javascript:alert(1)', null],
])('kind of "%s" %s is %s', (said, address, kind) => {
  expect(guessKind(said, address)).toBe(kind);
});

test('one column means one thing', () => {
  const mapping = guessMapping(['Title', 'URL', 'Lat', 'Long', '場所']);
  expect(mapping).toMatchObject({
    name: 'Title',
    address: 'URL',
    latitude: 'Lat',
    longitude: 'Long',
    place: '場所',
    id: null,
  });
});

const words = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  // Sentences of one line, as the form takes them; controls are no signs of XML.
  .map((text) => text.replace(/[\s\p{C}]+/gu, ' ').trim())
  .filter((text) => text !== '' && !text.startsWith('='));
const maybe = fc.option(words);
const exported: fc.Arbitrary<ExportedCamera> = fc.record({
  name: words,
  nameJa: maybe,
  place: maybe,
  placeJa: maybe,
  latitude: fc.integer({ min: -89_999, max: 89_999 }).map((value) => value / 1000 || 1),
  longitude: fc.integer({ min: -179_999, max: 179_999 }).map((value) => value / 1000 || 1),
  bearing: fc.option(fc.integer({ min: 0, max: 3600 }).map((value) => value / 10)),
  kind: fc.constantFrom('rtsp', 'hls', 'snapshot', 'mjpeg'),
  addressHint: fc.nat().map((number) => `https://camera.example/${number}`),
  licence: maybe,
  attribution: maybe,
  attributionUrl: fc.option(fc.constant('https://owner.example/terms')),
});

test.each(importFormat.options)('%s: what was exported is imported as it was', (format) => {
  fc.assert(
    fc.property(
      fc.uniqueArray(exported, { minLength: 1, maxLength: 8, selector: (camera) => camera.addressHint }),
      (cameras) => {
        const expected = cameras.map(({ addressHint: address, ...camera }) => Object.assign(camera, { address }));
        const { cameras: back, rejected } = read(format, exportOf(cameras, format).text);
        expect(rejected).toEqual([]);
        expect(back.map(({ origin: _origin, ...camera }) => camera)).toEqual(expected);
      },
    ),
    { numRuns: 60 },
  );
});
