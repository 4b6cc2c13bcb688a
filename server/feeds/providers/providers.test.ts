import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { catalogue } from '../catalogue.ts';
import type { Feed, ParseContext } from '../feed.ts';

const fixture = (name: string): Uint8Array => readFileSync(new URL(`../fixtures/${name}`, import.meta.url));
const now = new Date('2026-10-05T20:06:00Z');
const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

function feedOf(id: string): Feed {
  const feed = catalogue.find((one) => one.id === id);
  if (!feed) throw new Error(`no feed ${id}`);
  return feed;
}

function parse(id: string, bytes: Uint8Array, aside: ParseContext['aside'] = new Map()) {
  const feed = feedOf(id);
  const { cameras, rejected } = feed.parse(bytes, { rules: feed, now, aside });
  return {
    cameras,
    origins: cameras.map((camera) => camera.origin),
    reasons: Object.fromEntries(
      rejected.map(({ row, code, about }) => [row, about === null ? code : `${code} ${about}`]),
    ),
  };
}

test('Digitraffic: each gathered view is a camera; tests, removed stations and views out of collection are not', () => {
  const aside = new Map([['measured', fixture('digitraffic-stations-data.json')]]);
  const { cameras, origins, reasons } = parse('digitraffic', fixture('digitraffic-stations.json'), aside);
  expect(origins).toEqual(
    ['C0150301', 'C0150302', 'C0150309', 'C0150200', 'C0252001'].map((id) => `digitraffic:${id}`),
  );
  expect(cameras[1]).toMatchObject({
    name: 'Road 51 Inkoo (2)',
    latitude: 60.05374,
    longitude: 23.99616,
    kind: 'snapshot',
    address: 'https://weathercam.digitraffic.fi/C0150302.jpg',
    options: { intervalSeconds: 600 },
  });
  expect(reasons).toEqual({
    C0150201: 'SWITCHED_OFF',
    C09999: 'SWITCHED_OFF',
    C09998: 'SWITCHED_OFF',
  });
});

test('Digitraffic: a view whose picture is three intervals old, or whose station is at fault, is known to be faulty', () => {
  const aside = new Map([['measured', fixture('digitraffic-stations-data.json')]]);
  const { cameras } = parse('digitraffic', fixture('digitraffic-stations.json'), aside);
  expect(cameras.filter((camera) => camera.faulty).map((camera) => camera.origin)).toEqual(['digitraffic:C0150200']);
  const text = new TextDecoder()
    .decode(fixture('digitraffic-stations.json'))
    .replace('"state": null', '"state": "REPAIR"');
  const repaired = parse('digitraffic', new TextEncoder().encode(text));
  expect(repaired.cameras.filter((camera) => camera.faulty)).toHaveLength(3);
});

test('TfL: reads the list of properties, where "false" is a text', () => {
  const { cameras, origins, reasons } = parse('tfl', fixture('tfl-jamcam.json'));
  expect(origins).toEqual(['tfl:00002.00865', 'tfl:00001.07350', 'tfl:00001.07450', 'tfl:00001.07389']);
  expect(cameras[0]).toMatchObject({ name: 'A406 Billet Upass E (East)', bearing: 90 });
  expect(cameras[1]).toMatchObject({ name: 'City Road/Old Street (Old Street west of City Road)', bearing: null });
  expect(reasons).toEqual({ 'JamCams_00001.04244': 'SWITCHED_OFF' });
});

test('Caltrans: texts for numbers, "Not Reported" for nothing, a playlist where there is one', () => {
  const { cameras, origins, reasons } = parse('caltrans', fixture('caltrans-cctvStatusD07.json'));
  expect(origins).toEqual([
    'caltrans:d1:sr20atsr1lookingeast',
    'caltrans:d7:i110196avenue26offramp',
    'caltrans:d4:TV102i580WestOfSR24',
  ]);
  expect(cameras[0]).toMatchObject({ kind: 'snapshot', bearing: 90, options: { intervalSeconds: 900 } });
  expect(cameras[1]).toMatchObject({
    kind: 'hls',
    address: 'https://wzmedia.dot.ca.gov/D7/CCTV-196.stream/playlist.m3u8',
    place: 'Cypress Park, Los Angeles County, California',
    options: {
      stillUrl: 'https://cwwp2.dot.ca.gov/data/d7/cctv/image/i110196avenue26offramp/i110196avenue26offramp.jpg',
    },
  });
  expect(cameras[2]).toMatchObject({ kind: 'snapshot', name: 'I-580 : West of SR-24' });
  expect(reasons).toEqual({
    'district 7, index 3': 'SWITCHED_OFF',
    'district 7, index 4': 'NO_POSITION',
  });
});

test('Singapore: the number stays while the address of the picture is new each time', () => {
  const first = parse('singapore', fixture('singapore-traffic-images.json'));
  const text = new TextDecoder().decode(fixture('singapore-traffic-images.json'));
  const later = parse('singapore', new TextEncoder().encode(text.replaceAll('/2024/05/', '/2024/06/')));
  expect(first.origins).toHaveLength(5);
  expect(later.origins).toEqual(first.origins);
  expect(later.cameras[0]?.address).not.toBe(first.cameras[0]?.address);
  expect(first.cameras[0]).toMatchObject({ origin: 'singapore:1001', options: { intervalSeconds: 60 } });
});

test('Hong Kong: flat XML, keys behind the names, http upgraded, entities of XML read', () => {
  const { cameras, origins, reasons } = parse('hongkong', fixture('hongkong-cameras.xml'));
  expect(origins).toEqual(['hongkong:H429F', 'hongkong:H421F', 'hongkong:K101F', 'hongkong:K809F2']);
  expect(cameras[2]).toMatchObject({
    name: 'Kwai Chung Road & Container Port Road',
    place: 'Sham Shui Po, Kowloon, Hong Kong',
  });
  expect(cameras[3]?.address).toBe('https://tdcctv.data.one.gov.hk/K809F2.JPG');
  expect(reasons).toEqual({ AID01101: 'NO_POSITION' });
});

test("DriveBC: leaves out what is off and partners' pictures", () => {
  const { cameras, origins, reasons } = parse('drivebc', fixture('drivebc-webcams.json'));
  expect(origins).toEqual(['drivebc:569', 'drivebc:888', 'drivebc:478']);
  expect(cameras[0]).toMatchObject({ bearing: 0, address: 'https://www.drivebc.ca/images/569.jpg', faulty: false });
  expect(reasons).toEqual({
    '967': 'SWITCHED_OFF',
    '968': 'NOT_LICENSED',
  });
});

test('Calgary and Iceland: the file of the picture is the id; numbers may be texts, http is upgraded', () => {
  const calgary = parse('calgary', fixture('calgary-cameras.json'));
  expect(calgary.origins).toEqual(['calgary:loc86', 'calgary:loc12', 'calgary:loc31']);
  expect(calgary.cameras[0]?.address).toBe('https://trafficcam.calgary.ca/loc86.jpg');
  const iceland = parse('iceland', fixture('iceland-webcams.json'));
  expect(iceland.origins).toEqual(['iceland:hellisheidi_1', 'iceland:hellisheidi_2', 'iceland:daemi_1']);
  expect(iceland.cameras[2]).toMatchObject({
    latitude: 64.5,
    longitude: -20.1,
    address: 'https://www.vegagerdin.is/vgdata/vefmyndavelar/daemi_1.jpg',
  });
});

test('Toronto: a collection of points that holds one', () => {
  const feature = (id: number, picture: string) => ({
    geometry: { type: 'MultiPoint', coordinates: [[-79.38, 43.65]] },
    properties: { REC_ID: id, IMAGEURL: picture, MAINROAD: 'YONGE ST', CROSSROAD: 'ST. CLAIR AVE' },
  });
  const { cameras, reasons } = parse(
    'toronto',
    bytesOf({
      features: [
        feature(8001, 'http://opendata.toronto.ca/transportation/tmc/rescucameraimages/CameraImages/loc8001.jpg'),
        feature(8002, 'http://opendata.toronto.ca/elsewhere/loc8002.jpg'),
      ],
    }),
  );
  expect(cameras).toMatchObject([{ origin: 'toronto:8001', name: 'Yonge St / St. Clair Ave', latitude: 43.65 }]);
  expect(reasons).toEqual({ 'REC_ID 8002': 'ADDRESS_HOST opendata.toronto.ca' });
});

test('GeoNet: latitude stands first, beyond the date line too', () => {
  const { cameras } = parse('geonet', fixture('geonet-volcano-cameras.json'));
  expect(cameras).toMatchObject([
    { origin: 'geonet:ruapehunorth', latitude: -39.1571, longitude: 175.5607, bearing: 190 },
    { origin: 'geonet:ruapehusouth' },
    { origin: 'geonet:raoulisland', latitude: -29.267, longitude: -177.917 },
  ]);
});

test('USGS HVO: the list that stands here keeps to its own rules', () => {
  const { cameras, reasons } = parse('usgs-hvo', new TextEncoder().encode(feedOf('usgs-hvo').builtIn ?? ''));
  expect(cameras).toHaveLength(feedOf('usgs-hvo').expected);
  expect(reasons).toEqual({});
});

describe('a row that lies', () => {
  const row = (change: object) => ({
    camera_id: '1',
    image: 'https://images.data.gov.sg/api/traffic-images/x.jpg',
    location: { latitude: 1.3, longitude: 103.8 },
    ...change,
  });
  test.each([
    ['0, 0', { location: { latitude: 0, longitude: 0 } }, 'POSITION_ZERO'],
    ['another region', { location: { latitude: 35, longitude: 139 } }, 'POSITION_OUTSIDE 35, 139'],
    ['a position that is no number', { location: { latitude: 'north', longitude: '1' } }, 'POSITION_UNREADABLE'],
    ['a foreign host', { image: 'https://evil.example/x.jpg' }, 'ADDRESS_HOST evil.example'],
    [
      'a foreign folder',
      { image: 'https://images.data.gov.sg/api/traffic-images/../x.jpg' },
      'ADDRESS_HOST images.data.gov.sg',
    ],
    [
      'a host that only begins alike',
      { image: 'https://images.data.gov.sg.evil.example/api/traffic-images/x.jpg' },
      'ADDRESS_HOST images.data.gov.sg.evil.example',
    ],
    ['credentials', { image: 'https://a:b@images.data.gov.sg/api/traffic-images/x.jpg' }, 'ADDRESS_CREDENTIALS'],
    ['a file of this machine', { image: 'file:///etc/passwd' }, 'ADDRESS_SCHEME https:'],
    ['no id', { camera_id: '' }, 'NO_ID'],
    ['an odd id', { camera_id: "1'; --" }, 'ID_INVALID'],
    ['another shape', { location: null }, 'SHAPE'],
  ])('%s is refused by itself, with the reason', (_name, change, reason) => {
    const { origins, reasons } = parse(
      'singapore',
      bytesOf({ items: [{ cameras: [row(change), row({ camera_id: '2' })] }] }),
    );
    expect(origins).toEqual(['singapore:2']);
    expect(Object.values(reasons)).toEqual([reason]);
  });

  test('the same id twice is taken once', () => {
    const { origins, reasons } = parse('singapore', bytesOf({ items: [{ cameras: [row({}), row({})] }] }));
    expect(origins).toEqual(['singapore:1']);
    expect(reasons).toEqual({ 1: 'ID_TWICE 1' });
  });
});

describe('an answer that is none', () => {
  const page = new TextEncoder().encode('<!DOCTYPE html><html><body>Maintenance</body></html>');
  test.each(catalogue.map((feed) => feed.id))('%s: a web page is named as such', (id) => {
    expect(() => parse(id, page)).toThrow(expect.objectContaining({ code: 'HTML' }));
  });
  test.each(catalogue.map((feed) => feed.id))('%s: another document is refused', (id) => {
    const other = id === 'hongkong' ? new TextEncoder().encode('<rss><channel/></rss>') : bytesOf({ error: 'no' });
    expect(() => parse(id, other)).toThrow(expect.objectContaining({ code: 'SHAPE' }));
  });
  test.each(catalogue.map((feed) => feed.id))('%s: half an answer is refused', (id) => {
    const half = new TextEncoder().encode(id === 'hongkong' ? '<image-list><image><key>H1' : '[{"id": "JamC');
    expect(() => parse(id, half)).toThrow(
      expect.objectContaining({ code: id === 'hongkong' ? 'NOT_XML' : 'NOT_JSON' }),
    );
  });
  test('text in another encoding than it should be is refused rather than garbled', () => {
    const latin = Uint8Array.from(Buffer.from('[{"Myndavel": "Hellisheiði"}]', 'latin1'));
    expect(() => parse('iceland', latin)).toThrow(expect.objectContaining({ code: 'CHARSET' }));
  });
  test('XML that brings entities of its own is refused before it is read', () => {
    const bomb = new TextEncoder().encode(
      '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa">]><image-list>&a;</image-list>',
    );
    expect(() => parse('hongkong', bomb)).toThrow(expect.objectContaining({ code: 'NOT_XML' }));
    const deep = new TextEncoder().encode('<a>'.repeat(10_000) + '</a>'.repeat(10_000));
    expect(() => parse('hongkong', deep)).toThrow(expect.objectContaining({ code: 'NOT_XML' }));
  });
});
