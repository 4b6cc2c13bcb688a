import { readEarthAddress } from '../../_lib/earth-address.ts';
import { answerWith, keptPicture } from '../picture-cache.ts';
import { drawPng } from '../rasterise.ts';
import { wordsFor } from '../words.ts';

/** Where it is looked at from where the address does not say. */
const usual = { latitude: 24, longitude: 128 };

/** The globe itself, for addresses without a camera. `?locale=`: of the words in the picture, `v=`: from where it is looked at. */
export async function GET(request: Request): Promise<Response> {
  const { locale, app } = wordsFor(request);
  const { latitude, longitude } = readEarthAddress(new URL(request.url).searchParams).position ?? usual;
  // Whole degrees: who counts them up finds an end.
  const centre = { latitude: Math.round(latitude), longitude: Math.round(longitude) };
  const card = {
    wordmark: app('name'),
    title: app('description'),
    lines: [],
    state: null,
    time: null,
    picture: null,
    centre,
  };
  return answerWith(await keptPicture(`earth ${locale} ${centre.latitude} ${centre.longitude}`, () => drawPng(card)));
}
