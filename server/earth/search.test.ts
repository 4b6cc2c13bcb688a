import { randomUUID } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { cameraId, streamId } from '#server/contracts/ids.ts';

import readingFile from '../../assets/geo/readings-ja.json' with { type: 'json' };
import { Gazetteer, labelsMax } from './gazetteer.ts';
import type { MapCamera } from './planet-map.ts';
import { searchPlanet } from './search.ts';
import { directionOf } from './sun.ts';
import { foldText } from './text-fold.ts';

const gazetteer = await Gazetteer.open();

function aCamera(overrides: Partial<MapCamera> = {}): MapCamera {
  const camera: MapCamera = {
    id: cameraId.parse(randomUUID()),
    streamId: streamId.parse(randomUUID()),
    ownerId: null,
    visibility: 'public',
    name: 'Camera',
    nameJa: null,
    place: null,
    placeJa: null,
    latitude: 35,
    longitude: 139,
    bearing: null,
    kind: 'rtsp',
    country: 'JP',
    demo: false,
    state: 'live',
    text: '',
    direction: directionOf(35, 139),
    ...overrides,
  };
  const { name, nameJa, place, placeJa } = camera;
  return { ...camera, text: [name, nameJa, place, placeJa].map((part) => foldText(part ?? '')).join('\n') };
}

const search = (query: string, cameras: MapCamera[] = []) => searchPlanet(query, { gazetteer, cameras, limit: 20 });
const first = (query: string) => {
  const [find] = search(query);
  return find?.type === 'city' ? find.name : find?.type;
};

describe('cities', () => {
  test.each([
    '東京',
    'とうきょう',
    'トーキョー',
    'トウキョウ',
    'tokyo',
    'TOKYO',
    'toukyou',
    'Tōkyō',
    'ｔｏｋｙｏ',
    'とうきょ',
  ])('%s is Tokyo', (query) => expect(first(query)).toBe('Tokyo'));
  test.each(['大阪', '大阪市', 'おおさか', 'オオサカ', 'ōsaka', 'osaka', 'oosaka'])('%s is Osaka', (query) =>
    expect(first(query)).toBe('Osaka'),
  );
  test.each(['さっぽろ', 'サッポロ', 'sapporo', '札幌'])('%s is Sapporo', (query) =>
    expect(first(query)).toBe('Sapporo'),
  );
  test.each(['Zurich', 'Zürich', 'チューリッヒ', 'ちゅーりっひ'])('%s is Zürich', (query) =>
    expect(first(query)).toBe('Zürich'),
  );
  test.each([
    ['シャンハイ', 'Shanghai'],
    ['しゃんはい', 'Shanghai'],
    ['上海', 'Shanghai'],
    ['Shanghai', 'Shanghai'],
    ['ペキン', 'Beijing'],
    ['ｶﾝﾄﾝ', 'Guangzhou'],
    ['シーアン', 'Xi’an'],
    ['長春', 'Changchun'],
    ['ホンコン', 'Hong Kong'],
    ['タイペイ', 'Taipei'],
    ['プサン', 'Busan'],
    ['ピョンヤン', 'Pyongyang'],
    ['サイゴン', 'Ho Chi Minh City'],
    ['キエフ', 'Kyiv'],
    ['ジュネーブ', 'Geneva'],
    ['ジュネーヴ', 'Geneva'],
    ['デンハーグ', 'The Hague'],
    ['ウイーン', 'Vienna'],
  ])('%s is %s', (query, name) => expect(first(query)).toBe(name));
  test('every reading that stands in the list finds its city among the first', () => {
    const missed = readingFile.rows.flatMap(([, name, , readings]) =>
      [readings].flat().flatMap((reading) => {
        const found = searchPlanet(String(reading), { gazetteer, cameras: [], limit: 20 });
        return found.slice(0, 3).some((find) => find.type === 'city' && find.name === name)
          ? []
          : [`${reading} ${String(name)}`];
      }),
    );
    expect(missed).toEqual([]);
  });
  test('of two of one name the larger comes first', () => {
    expect(search('London').slice(0, 2)).toMatchObject([{ country: 'GB' }, { country: 'CA' }]);
  });
  test('a beginning goes before a word, and a word before the middle of one', () => {
    const names = search('york').flatMap((find) => (find.type === 'city' ? find.name : []));
    expect(names.slice(0, 2)).toEqual(['York', 'New York City']);
  });
});

describe('countries and coordinates', () => {
  test.each(['Japan', '日本', 'japan'])('%s is the country', (query) =>
    expect(search(query)[0]).toMatchObject({ type: 'country', country: 'JP' }),
  );
  test('Russia spans the date line, France is without Guiana, the United States are the contiguous ones', () => {
    const bounds = (query: string) =>
      search(query).flatMap((find) => (find.type === 'country' ? [find.bounds] : []))[0];
    expect(bounds('Russia')).toMatchObject([
      expect.closeTo(27, 0),
      expect.closeTo(41, 0),
      expect.closeTo(-170, 0),
      expect.closeTo(81, 0),
    ]);
    expect(bounds('フランス')?.[0]).toBeGreaterThan(-6);
    expect(bounds('United States')?.[3]).toBeLessThan(50);
  });
  test('coordinates are alone', () => {
    expect(search('35°41′N 139°46′E')).toMatchObject([{ type: 'coordinates' }]);
    expect(search('35.68, 139.76')).toEqual([{ type: 'coordinates', latitude: 35.68, longitude: 139.76 }]);
  });
});

describe('cameras', () => {
  const live = aCamera({
    name: 'Shibuya crossing',
    nameJa: '渋谷スクランブル交差点',
    place: 'Tokyo',
    placeJa: '東京都渋谷区',
  });
  const dead = aCamera({ ...live, state: 'offline' });
  const other = aCamera({ name: 'Harbour', nameJa: '港', place: 'Osaka', placeJa: '大阪府' });

  test.each(['shibuya', 'Shibuya Tokyo', '渋谷', 'スクランブル', 'すくらんぶる', '東京 交差点', 'とうきょう crossing'])(
    '%s finds the camera, the one with a picture first',
    (query) => {
      const found = search(query, [dead, other, live]).flatMap((find) =>
        find.type === 'camera' ? find.camera.state : [],
      );
      expect(found).toEqual(['live', 'offline']);
    },
  );
  test('a city goes before the cameras in it', () => {
    expect(
      search('osaka', [other])
        .map((find) => find.type)
        .slice(0, 2),
    ).toEqual(['city', 'camera']);
  });
});

describe('labels', () => {
  test('are the largest that do not lie on each other, and never too many', () => {
    for (let zoom = 0; zoom <= 10; zoom += 1) {
      const labels = gazetteer.labels({ bounds: [-180, -90, 180, 90], zoom });
      expect(labels.length).toBeLessThanOrEqual(labelsMax);
      expect(labels[0]?.name).toBe('Shanghai');
    }
    expect(gazetteer.labels({ bounds: [139, 35, 140, 36], zoom: 8 })[0]).toMatchObject({
      name: 'Tokyo',
      nameJa: '東京',
    });
    const overDateLine = gazetteer.labels({ bounds: [170, -50, -150, 30], zoom: 3 });
    expect(overDateLine.map((label) => label.name)).toEqual(expect.arrayContaining(['Auckland', 'Honolulu']));
  });
});
