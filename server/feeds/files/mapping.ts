import { mappedFields, type MappedField } from '#server/contracts/feeds.ts';

export type Mapping = Record<MappedField, string | null>;

/** What people call them, the surest first. */
const names: Record<MappedField, readonly string[]> = {
  id: ['id', 'tvgid', 'cameraid', 'camid', '番号', 'カメラid', 'カメラ番号'],
  name: [
    'name',
    'title',
    'text',
    'tvgname',
    'cameraname',
    'label',
    'description',
    '名前',
    '名称',
    'カメラ名',
    '地点名',
  ],
  nameJa: ['nameja', 'namejp', 'japanesename', '日本語名', '名前日本語', '名称日本語'],
  place: ['place', 'location', 'city', 'region', 'grouptitle', 'group', '場所', '所在地', '住所', '地名', '設置場所'],
  placeJa: ['placeja', 'locationja', 'cityja', '場所日本語', '所在地日本語'],
  latitude: ['latitude', 'lat', 'y', 'tvglat', '緯度', '北緯'],
  longitude: ['longitude', 'lon', 'lng', 'long', 'x', 'tvglon', '経度', '東経'],
  coordinates: ['coordinates', 'coords', 'latlon', 'latlng', 'position', 'geo', 'gps', '座標', '緯度経度', '位置'],
  bearing: ['bearing', 'heading', 'azimuth', 'direction', 'facing', '方位', '方角', '向き', '方向'],
  kind: ['kind', 'type', 'protocol', 'sourcetype', '種類', '種別', '方式'],
  address: [
    'address',
    'url',
    'streamurl',
    'xmlurl',
    'stream',
    'rtsp',
    'rtspurl',
    'hlsurl',
    'imageurl',
    'image',
    'snapshoturl',
    'uri',
    'link',
    'アドレス',
    '配信url',
    '画像url',
    'ストリームurl',
  ],
  licence: ['licence', 'license', 'ライセンス', '利用条件'],
  attribution: ['attribution', 'credit', 'copyright', 'source', '出典', '提供', '提供元', 'クレジット'],
  attributionUrl: ['attributionurl', 'sourceurl', 'homepage', 'website', 'htmlurl', '出典url', 'ホームページ'],
};

/** Case, blanks and joining signs aside, and what stands in brackets unless that is all. */
const bare = (column: string) =>
  column
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_.:\-()[\]・（）]+/g, '');

/** Each column means one thing at most. */
export function guessMapping(columns: readonly string[]): Mapping {
  const free = new Map(columns.map((column) => [bare(column), column]));
  const take = (field: MappedField): string | null => {
    for (const name of names[field]) {
      const column = free.get(name);
      if (column !== undefined) {
        free.delete(name);
        return column;
      }
    }
    return null;
  };
  const mapping = emptyMapping();
  for (const field of mappedFields) mapping[field] = take(field);
  return mapping;
}

/** The guess, with what a person chose over it; names of no field are left away. */
export function chosenMapping(columns: readonly string[], chosen: Record<string, string | null> | undefined): Mapping {
  const mapping = guessMapping(columns);
  for (const field of mappedFields) {
    const column = chosen?.[field];
    if (column !== undefined) mapping[field] = column;
  }
  return mapping;
}

/** A mapping to `=text` gives every row that text. */
export function fieldOf(fields: ReadonlyMap<string, string>, column: string | null): string {
  if (column === null) return '';
  return (column.startsWith('=') && !fields.has(column) ? column.slice(1) : (fields.get(column) ?? '')).trim();
}

function emptyMapping(): Mapping {
  return {
    id: null,
    name: null,
    nameJa: null,
    place: null,
    placeJa: null,
    latitude: null,
    longitude: null,
    coordinates: null,
    bearing: null,
    kind: null,
    address: null,
    licence: null,
    attribution: null,
    attributionUrl: null,
  };
}
