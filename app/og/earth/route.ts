import { answerWith, keptPicture } from '../picture-cache.ts';
import { drawPng } from '../rasterise.ts';
import { wordsFor } from '../words.ts';

const centre = { latitude: 24, longitude: 128 };

/** The globe itself, for addresses without a camera. `?locale=`: of the words in the picture. */
export async function GET(request: Request): Promise<Response> {
  const { locale, app } = wordsFor(request);
  const card = {
    wordmark: app('name'),
    title: app('description'),
    lines: [],
    state: null,
    time: null,
    picture: null,
    centre,
  };
  return answerWith(await keptPicture(`earth ${locale}`, () => drawPng(card)));
}
