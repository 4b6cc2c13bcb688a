import { z } from 'zod';

import {
  cameraInput,
  cameraKind,
  ingestMode,
  ladderMode,
  syntheticScene,
  visibility,
  type CameraForOwner,
  type CameraInput,
  type CameraKind,
  type SourceOptions,
} from '#server/contracts/camera.ts';
import type { DoctorInput } from '#server/contracts/doctor.ts';
import { pictureRegions } from '#server/contracts/picture-region.ts';

const gibibyte = 1024 ** 3;
const daySeconds = 86_400;

/** What an address of a kind begins with; a file is a path. */
export const schemes = {
  rtsp: ['rtsp://', 'rtsps://'],
  hls: ['https://', 'http://'],
  mpegts: ['http://', 'https://', 'tcp://', 'udp://'],
  srt: ['srt://'],
  file: [],
  snapshot: ['https://', 'http://'],
  mjpeg: ['http://', 'https://'],
  synthetic: [],
} as const satisfies Record<CameraKind, readonly string[]>;

/** The kinds whose source may ask for a user and password. */
export const takesCredentials = (kind: CameraKind): boolean =>
  ['rtsp', 'hls', 'mpegts', 'snapshot', 'mjpeg'].includes(kind);

/** What stands in the fields: text, as it was typed. */
const fields = z.object({
  kind: cameraKind,
  address: z.string(),
  user: z.string(),
  password: z.string(),
  transport: z.enum(['auto', 'tcp', 'udp']),
  interval: z.string(),
  stillUrl: z.string(),
  scene: syntheticScene,
  width: z.string(),
  height: z.string(),
  fps: z.string(),
  gop: z.string(),
  transcode: z.boolean(),
  ingest: ingestMode,
  name: z.string(),
  nameJa: z.string(),
  place: z.string(),
  placeJa: z.string(),
  latitude: z.string(),
  longitude: z.string(),
  bearing: z.string(),
  visibility,
  record: z.enum(['always', 'off']),
  days: z.string(),
  gigabytes: z.string(),
  ladder: ladderMode,
  licence: z.string(),
  attribution: z.string(),
  attributionUrl: z.string(),
  masks: pictureRegions,
});
export type FormValues = z.infer<typeof fields>;
/** A draft may come from an older page: what does not parse is left out. */
export const draftValues = fields.omit({ password: true }).partial();

export const emptyForm: FormValues = {
  kind: 'rtsp',
  address: '',
  user: '',
  password: '',
  transport: 'auto',
  interval: '10',
  stillUrl: '',
  scene: 'harbour',
  width: '1280',
  height: '720',
  fps: '25',
  gop: '2',
  transcode: false,
  ingest: 'always',
  name: '',
  nameJa: '',
  place: '',
  placeJa: '',
  latitude: '',
  longitude: '',
  bearing: '',
  visibility: 'public',
  record: 'always',
  days: '7',
  gigabytes: '',
  ladder: 'onDemand',
  licence: '',
  attribution: '',
  attributionUrl: '',
  masks: [],
};

const typed = (value: number | null | undefined, otherwise = ''): string =>
  value === null || value === undefined ? otherwise : String(value);

/** The fields of a camera that is there: everything but its sealed address. */
export function valuesOf(camera: CameraForOwner): FormValues {
  const { options, recordPolicy } = camera;
  return {
    ...emptyForm,
    kind: camera.kind,
    transport: options.transport ?? 'auto',
    interval: typed(options.intervalSeconds, emptyForm.interval),
    stillUrl: options.stillUrl ?? '',
    scene: options.scene ?? emptyForm.scene,
    width: typed(options.width, emptyForm.width),
    height: typed(options.height, emptyForm.height),
    fps: typed(options.fps, emptyForm.fps),
    gop: typed(options.gopSeconds, emptyForm.gop),
    transcode: options.transcode ?? false,
    ingest: camera.ingest,
    name: camera.name,
    nameJa: camera.nameJa ?? '',
    place: camera.place ?? '',
    placeJa: camera.placeJa ?? '',
    latitude: typed(camera.latitude),
    longitude: typed(camera.longitude),
    bearing: typed(camera.bearing),
    visibility: camera.visibility,
    record: recordPolicy.mode,
    days: typed(Math.round((recordPolicy.maxAgeSeconds / daySeconds) * 100) / 100),
    gigabytes: recordPolicy.maxBytes === null ? '' : typed(Math.round((recordPolicy.maxBytes / gibibyte) * 100) / 100),
    ladder: camera.ladder,
    licence: camera.licence ?? '',
    attribution: camera.attribution ?? '',
    attributionUrl: camera.attributionUrl ?? '',
    masks: camera.masks,
  };
}

/** The address with its user and password, each written so that no sign in them is taken for the address's own. */
export function sealedAddress({
  kind,
  address,
  user,
  password,
}: Pick<FormValues, 'kind' | 'address' | 'user' | 'password'>): string {
  const whole = address.trim();
  if (!takesCredentials(kind) || (user === '' && password === '')) return whole;
  return whole.replace('://', `://${encodeURIComponent(user)}:${encodeURIComponent(password)}@`);
}

const optional = (text: string): string | null => (text.trim() === '' ? null : text.trim());

/** What a kind does not use is left out. */
export function sourceOptionsOf(values: FormValues): SourceOptions {
  const transcode = values.transcode ? { transcode: true } : {};
  switch (values.kind) {
    case 'rtsp':
      return { transport: values.transport, ...transcode };
    case 'snapshot':
      return { intervalSeconds: Number(values.interval) };
    case 'synthetic':
      return {
        scene: values.scene,
        width: Number(values.width),
        height: Number(values.height),
        fps: Number(values.fps),
        gopSeconds: Number(values.gop),
      };
    case 'hls':
      return { ...(values.stillUrl.trim() === '' ? {} : { stillUrl: values.stillUrl.trim() }), ...transcode };
    case 'mpegts':
    case 'srt':
    case 'file':
    case 'mjpeg':
      return transcode;
  }
}

const addressOf = (values: FormValues): { address?: string } => {
  const address = sealedAddress(values);
  return values.kind === 'synthetic' || address === '' ? {} : { address };
};

function inputOf(values: FormValues): CameraInput {
  return {
    name: values.name,
    nameJa: optional(values.nameJa),
    place: optional(values.place),
    placeJa: optional(values.placeJa),
    latitude: Number(values.latitude),
    longitude: Number(values.longitude),
    bearing: values.bearing.trim() === '' ? null : Number(values.bearing),
    kind: values.kind,
    ...addressOf(values),
    options: sourceOptionsOf(values),
    ingest: values.ingest,
    visibility: values.visibility,
    recordPolicy: {
      mode: values.record,
      maxAgeSeconds: Math.round(Number(values.days) * daySeconds),
      maxBytes: values.gigabytes.trim() === '' ? null : Math.round(Number(values.gigabytes) * gibibyte),
    },
    ladder: values.ladder,
    licence: optional(values.licence),
    attribution: optional(values.attribution),
    attributionUrl: optional(values.attributionUrl),
    masks: values.masks,
  };
}

/** What the doctor is asked of the fields; without an address it looks at the stored one. */
export const doctorInputOf = (values: FormValues, cameraId: string | null): DoctorInput => ({
  kind: values.kind,
  ...addressOf(values),
  options: sourceOptionsOf(values),
  ...(cameraId === null ? {} : { cameraId }),
});

type FieldName = keyof FormValues;
/** A word of `form.error`, with what it speaks of behind a colon. */
type Fault = { path: FieldName; message: string };

const between = (path: FieldName, text: string, min: number, max: number): Fault[] => {
  const value = Number(text);
  if (text.trim() === '') return [{ path, message: 'required' }];
  if (!Number.isFinite(value)) return [{ path, message: 'number' }];
  return value < min || value > max ? [{ path, message: `range:${min}:${max}` }] : [];
};

function faultsOfAddress(values: FormValues, isStored: boolean): Fault[] {
  const { kind, address } = values;
  if (kind === 'synthetic') return [];
  const isEmpty = address.trim() === '';
  const isKept = isStored && values.user === '' && values.password === '';
  if (isEmpty) return isKept ? [] : [{ path: 'address', message: 'required' }];
  const known: readonly string[] = schemes[kind];
  if (known.length > 0 && !known.some((scheme) => address.trim().toLowerCase().startsWith(scheme))) {
    return [{ path: 'address', message: `scheme:${known.join(', ')}` }];
  }
  return known.some((scheme) => address.trim().toLowerCase() === scheme)
    ? [{ path: 'address', message: 'address' }]
    : [];
}

function faultsOf(values: FormValues, isStored: boolean): Fault[] {
  const { kind } = values;
  return [
    ...faultsOfAddress(values, isStored),
    ...(values.name.trim() === '' ? [{ path: 'name' as const, message: 'required' }] : []),
    ...between('latitude', values.latitude, -90, 90),
    ...between('longitude', values.longitude, -180, 180),
    ...(values.bearing.trim() === '' ? [] : between('bearing', values.bearing, 0, 360)),
    ...(kind === 'snapshot' ? between('interval', values.interval, 0.5, 3600) : []),
    ...(kind === 'synthetic'
      ? [
          ...between('width', values.width, 64, 3840),
          ...between('height', values.height, 64, 2160),
          ...between('fps', values.fps, 1, 60),
          ...between('gop', values.gop, 0.5, 10),
        ]
      : []),
    ...between('days', values.days, 0.001, 365),
    ...(values.gigabytes.trim() === '' ? [] : between('gigabytes', values.gigabytes, 0.016, 1_000_000)),
    ...(kind !== 'hls' || values.stillUrl.trim() === '' || /^https?:\/\/[^\s]+$/.test(values.stillUrl.trim())
      ? []
      : [{ path: 'stillUrl' as const, message: 'url' }]),
    ...(values.attributionUrl.trim() === '' || /^https?:\/\/[^\s]+$/.test(values.attributionUrl.trim())
      ? []
      : [{ path: 'attributionUrl' as const, message: 'url' }]),
  ];
}

/** The fields to a camera: our words for what a person can mend, then the contract over all of it. */
export const formSchema = (isStored: boolean) =>
  fields
    .superRefine((values, context) => {
      for (const { path, message } of faultsOf(values, isStored)) {
        context.addIssue({ code: 'custom', path: [path], message });
      }
    })
    .transform(inputOf)
    .pipe(cameraInput);
