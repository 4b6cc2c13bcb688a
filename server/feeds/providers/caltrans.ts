import { z } from 'zod';

import { bearingOf } from '../compass.ts';
import type { ParseContext, Parsed } from '../feed.ts';
import { ListedCameras } from '../listed-cameras.ts';
import { framedJson } from '../read-document.ts';

const frame = z.object({ data: z.array(z.unknown()) });
/** Every value is a text. */
const row = z.object({
  cctv: z.object({
    index: z.string(),
    location: z.object({
      district: z.string(),
      locationName: z.string(),
      nearbyPlace: z.string().optional(),
      county: z.string().optional(),
      direction: z.string().optional(),
      latitude: z.string(),
      longitude: z.string(),
    }),
    inService: z.string(),
    imageData: z.object({
      streamingVideoURL: z.string().optional(),
      static: z.object({ currentImageUpdateFrequency: z.string().optional(), currentImageURL: z.string().optional() }),
    }),
  }),
});

/** One district of California's road cameras. */
export function parseCaltrans(bytes: Uint8Array, { rules }: ParseContext): Parsed {
  const listed = new ListedCameras(rules);
  for (const [position, given] of framedJson(bytes, frame).data.entries()) {
    const parsed = row.safeParse(given);
    if (!parsed.success) {
      listed.reject(`row ${position + 1}`, 'SHAPE');
      continue;
    }
    const { index, location, inService, imageData } = parsed.data.cctv;
    const label = `district ${location.district}, index ${index}`;
    if (inService !== 'true') {
      listed.reject(label, 'SWITCHED_OFF');
      continue;
    }
    const picture = said(imageData.static.currentImageURL);
    const stream = said(imageData.streamingVideoURL);
    const place = [said(location.nearbyPlace), countyOf(said(location.county)), 'California'];
    const minutes = Number(said(imageData.static.currentImageUpdateFrequency) ?? 0);
    listed.add(label, {
      id: idOf(location.district, picture ?? stream),
      name: location.locationName.replace(/^TV\d+\s*--\s*/, ''),
      place: place.filter((part) => part !== null).join(', '),
      latitude: location.latitude,
      longitude: location.longitude,
      bearing: bearingOf(said(location.direction)),
      picture,
      stream,
      intervalSeconds: Number.isFinite(minutes) ? minutes * 60 : 0,
    });
  }
  return listed.result();
}

function said(text: string | undefined): string | null {
  const plain = text?.trim() ?? '';
  return plain === '' || /^not reported$/i.test(plain) ? null : plain;
}

function countyOf(county: string | null): string | null {
  return county && `${county} County`;
}

/** The index counts the rows of a district and shifts when one goes; the file of the picture stays with the camera. */
function idOf(district: string, address: string | null): string | null {
  const path = URL.parse(address ?? '')?.pathname ?? '';
  const name = /\/([\w-]+)(?:\.stream\/playlist\.m3u8|\.jpe?g)$/i.exec(path)?.[1];
  return name ? `d${district}:${name}` : null;
}
