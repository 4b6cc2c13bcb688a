import { cameraForOwner, cameraView, type CameraForOwner, type CameraView } from '#server/contracts/camera.ts';

import type { CameraRow } from './store.ts';
import { latestReason } from './withheld-reasons.ts';

/** Addresses of a stream's media, relative to the origin; they last as long as the stream. */
export function playbackOf(streamId: string): CameraView['playback'] {
  const base = `/media/${streamId}`;
  return { hls: `${base}/index.m3u8`, tail: `${base}/tail.mp4`, thumbnail: `${base}/thumb.jpg` };
}

function fieldsOf(row: CameraRow) {
  return {
    id: row.id,
    streamId: row.streamId,
    name: row.name,
    nameJa: row.nameJa,
    place: row.place,
    placeJa: row.placeJa,
    latitude: row.latitude,
    longitude: row.longitude,
    bearing: row.bearing,
    initialView: row.initialView,
    kind: row.kind,
    state: row.stream.state,
    stateReason: row.stream.stateReason,
    stateSince: row.stream.stateSince?.toISOString() ?? null,
    demo: row.demo,
    masked: Array.isArray(row.masks) && row.masks.length > 0,
    withheldReason: row.withheldAt && (latestReason(row.withheldReason) ?? 'withheld'),
    visibility: row.visibility,
    timeZone: row.timeZone,
    licence: row.licence,
    attribution: row.attribution,
    attributionUrl: row.attributionUrl,
    recordPolicy: row.recordPolicy,
    ladder: row.ladder,
    playback: playbackOf(row.streamId),
  };
}

/** A row as everybody who may see it gets it. Parsed: columns are text and JSON, the contract says which. */
export function toCameraView(row: CameraRow): CameraView {
  return cameraView.parse(fieldsOf(row));
}

export function toCameraForOwner(row: CameraRow): CameraForOwner {
  return cameraForOwner.parse({
    ...fieldsOf(row),
    ingest: row.ingest,
    options: row.options,
    masks: row.masks,
    addressHint: row.addressHint,
    hasCredentials: row.hasCredentials,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  });
}
