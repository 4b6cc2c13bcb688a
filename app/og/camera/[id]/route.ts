import { pageApi } from '#server/api/caller.ts';
import type { CameraDetail } from '#server/contracts/camera.ts';
import { toAppError } from '#server/platform/trpc.ts';

import { answerWith, keptPicture } from '../../picture-cache.ts';
import { drawPng } from '../../rasterise.ts';
import { wordsFor } from '../../words.ts';

/** `?locale=`: of the words in the picture; the names stand in both languages. Only of cameras that everybody may see. */
export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const camera = await findPublicCamera((await params).id);
  if (!camera) return new Response(null, { status: 404 });
  const words = wordsFor(request);
  return answerWith(await keptPicture(`${camera.id} ${words.locale}`, () => draw(camera, words)));
}

async function draw(camera: CameraDetail, { locale, app, states }: ReturnType<typeof wordsFor>) {
  const { name, nameJa, place, placeJa, latitude, longitude, timeZone, state } = camera;
  const [first, second] = locale === 'ja' ? [nameJa ?? name, nameJa ? name : null] : [name, nameJa];
  const where = locale === 'ja' ? (placeJa ?? place) : (place ?? placeJa);
  return drawPng({
    wordmark: app('name'),
    title: first,
    lines: [second, where].flatMap((line) => line || []),
    state: { state, word: states(state) },
    time: new Intl.DateTimeFormat(locale, { timeZone, hour: 'numeric', minute: '2-digit', hourCycle: 'h23' }).format(),
    picture: await pageApi().thumbnail(camera.streamId),
    centre: { latitude, longitude },
  });
}

async function findPublicCamera(id: string): Promise<CameraDetail | null> {
  const api = pageApi();
  try {
    return await api.createCaller(api.anonymousContext()).cameras.get({ id });
  } catch (error) {
    const { code } = toAppError(error);
    if (code === 'NOT_FOUND' || code === 'BAD_REQUEST' || code === 'GONE') return null;
    throw error;
  }
}
