import tzLookup from '@photostructure/tz-lookup';
import { iso1A2Code } from '@rapideditor/country-coder';

import type { CameraKind, IngestMode, InitialView, RecordPolicy } from '#server/contracts/camera.ts';

/** A day, bounded by the disk (the log evicts before it is full). */
export const defaultRecordPolicy: RecordPolicy = { mode: 'always', maxAgeSeconds: 86_400, maxBytes: null };

/** Pictures by interval belong to others and cost them requests: read only while somebody looks. */
export function defaultIngest(kind: CameraKind): IngestMode {
  return kind === 'snapshot' || kind === 'mjpeg' ? 'onDemand' : 'always';
}

/** From behind the camera, low enough to see houses. */
export function defaultView(bearing: number | null): InitialView {
  return { heading: bearing ?? 0, pitch: -35, range: 1500 };
}

/** IANA name. */
export function timeZoneAt(latitude: number, longitude: number): string {
  return tzLookup(latitude, longitude);
}

/** ISO 3166-1 alpha-2; null at sea. */
export function countryAt(latitude: number, longitude: number): string | null {
  return iso1A2Code([longitude, latitude]);
}
