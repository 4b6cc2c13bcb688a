import { pageApi } from '#server/api/caller.ts';
import type { CameraDetail } from '#server/contracts/camera.ts';
import { toAppError } from '#server/platform/trpc.ts';

import { readEarthAddress } from '../../../_lib/earth-address.ts';
import { answerWith, keptPicture } from '../../picture-cache.ts';
import { drawPng } from '../../rasterise.ts';
import { wordsFor } from '../../words.ts';

const minuteMs = 60_000;

/** `?locale=`: of the words in the picture; the names stand in both languages. `t=`: the moment that it shows, to the minute. Only of cameras that everybody may see. */
export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const camera = await findPublicCamera((await params).id);
  if (!camera) return new Response(null, { status: 404 });
  const words = wordsFor(request);
  const { atMs: asked } = readEarthAddress(new URL(request.url).searchParams);
  const atMs = asked === null || asked > Date.now() - minuteMs ? null : Math.floor(asked / minuteMs) * minuteMs;
  return answerWith(await keptPicture(`${camera.id} ${words.locale} ${atMs}`, () => draw(camera, atMs, words)));
}

async function draw(
  camera: CameraDetail,
  atMs: number | null,
  { locale, app, states, recorded }: ReturnType<typeof wordsFor>,
) {
  const { name, nameJa, place, placeJa, latitude, longitude, timeZone, state } = camera;
  const [first, second] = locale === 'ja' ? [nameJa ?? name, nameJa ? name : null] : [name, nameJa];
  const where = locale === 'ja' ? (placeJa ?? place) : (place ?? placeJa);
  return drawPng({
    wordmark: app('name'),
    title: first,
    lines: [second, where].flatMap((line) => line || []),
    state: atMs === null ? { state, word: states(state) } : { state: null, word: recorded },
    time: new Intl.DateTimeFormat(locale, {
      timeZone,
      ...(atMs === null ? {} : { month: 'short', day: 'numeric' }),
      hour: 'numeric',
      minute: '2-digit',
      hourCycle: 'h23',
    }).format(atMs ?? Date.now()),
    picture: await pageApi().thumbnail({ streamId: camera.streamId, atMs }),
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
