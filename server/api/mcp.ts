import { McpServer } from '@modelcontextprotocol/server';

import { AppError } from '#server/platform/app-error.ts';
import type { Context } from '#server/platform/trpc.ts';

import type { AppRouter } from './app-router.ts';
import { inWords, toolAnswer, type Picture } from './mcp-answers.ts';
import * as contract from './mcp-contract.ts';

type Caller = ReturnType<AppRouter['createCaller']>;

interface Options {
  version: string;
  caller: Caller;
  context: Pick<Context, 'log' | 'requestId'>;
  /** What stands under `/media/{streamId}` for the caller of the tool; null where there is nothing. */
  readMedia: (streamId: string, rest: string) => Promise<Response | null>;
}

const pictureBytesMax = 4_000_000;
/** Words and states are looked for among so many. */
const nearestMax = 50;
const isLooking = { readOnlyHint: true, destructiveHint: false, openWorldHint: false } as const;

/** The tools that an agent finds at `/mcp`: the same procedures as at the other doors, with the permissions of whoever asks. */
export function createMcpServer({ version, caller, context, readMedia }: Options): McpServer {
  const server = new McpServer(
    { name: 'sensorium', version },
    {
      instructions:
        'Live cameras and their recordings. Begin with find_cameras; every other tool takes an id that it gives. States are measured: only `live` means that the picture is of this moment.',
    },
  );

  server.registerTool(
    'find_cameras',
    {
      title: 'Find cameras',
      description:
        'Finds cameras by words in their name or place (Japanese or English), by measured state, or near a place. Without anything it lists all that you may see, a page at a time. Near a place, words and states are looked for among the nearest 50.',
      inputSchema: contract.findInput,
      outputSchema: contract.findAnswer,
      annotations: { ...isLooking, idempotentHint: true },
    },
    ({ words, states, near, limit, cursor }) =>
      inWords(context, async () => {
        if (near && cursor !== undefined)
          throw new AppError('BAD_REQUEST', { message: 'near a place there is no next page: ask within fewer km' });
        if (near) {
          const { latitude, longitude, within_km: km } = near;
          const found = await caller.earth.nearby({
            latitude,
            longitude,
            limit: nearestMax,
            ...(km && { withinMetres: km * 1000 }),
          });
          const wanted = words?.toLowerCase().split(/\s+/) ?? [];
          const cameras = found
            .filter(({ state }) => !states || states.includes(state))
            .filter((camera) => wanted.every((word) => contract.textOf(camera).includes(word)))
            .slice(0, limit)
            .map((camera) => contract.briefly(camera, camera.distanceMetres));
          return toolAnswer({ cameras, total: null, next_cursor: null });
        }
        const page = await caller.cameras.list({
          limit,
          ...(words && { query: words }),
          ...(states && { states }),
          ...(cursor !== undefined && { cursor }),
        });
        const cameras = page.items.map((camera) => contract.briefly(camera));
        return toolAnswer({ cameras, total: page.total, next_cursor: page.nextCursor });
      }),
  );

  server.registerTool(
    'camera_state',
    {
      title: 'State of a camera',
      description:
        'What is measured of one camera at this moment: state, age of its newest frame, frame rate, size, what is recorded.',
      inputSchema: contract.cameraInput,
      outputSchema: contract.stateAnswer,
      annotations: { ...isLooking, idempotentHint: true },
    },
    ({ camera_id: id }) =>
      inWords(context, async () => {
        const camera = await caller.cameras.get({ id });
        const [measured = null] = await caller.cameras.states({ ids: [id] });
        return toolAnswer({ camera: contract.briefly(camera), measured });
      }),
  );

  server.registerTool(
    'look_at_camera',
    {
      title: 'Look at a camera now',
      description:
        'The newest picture of a camera as JPEG, with the moment of its capture and its age. Old is said to be old.',
      inputSchema: contract.cameraInput,
      annotations: isLooking,
    },
    ({ camera_id: id }) =>
      inWords(context, async () => {
        const camera = await caller.cameras.get({ id });
        const picture = await readPicture(await readMedia(camera.streamId, '/thumb.jpg'));
        return toolAnswer(
          { camera: contract.briefly(camera), ...(picture ? contract.whenOf(picture) : noPicture(camera)) },
          picture,
        );
      }),
  );

  server.registerTool(
    'recordings_of',
    {
      title: 'What is recorded of a camera',
      description:
        'Which spans of time are recorded, which are missing and why, and the HLS address that plays them. `to` left out means up to now; a day at most.',
      inputSchema: contract.spanInput,
      outputSchema: contract.recordingsAnswer,
      annotations: { ...isLooking, idempotentHint: true },
    },
    ({ camera_id: id, from, to }) =>
      inWords(context, async () => {
        const span = contract.boundedSpan(from, to);
        const { streamId } = await caller.cameras.get({ id });
        const query = new URLSearchParams(span).toString();
        const answer = await readMedia(streamId, `/timeline.json?${query}`);
        const spans = answer ? contract.timelineOf(await answer.json()) : [];
        return toolAnswer({ ...span, spans, playback: `/media/${streamId}/index.m3u8?${query}` });
      }),
  );

  server.registerTool(
    'look_at_camera_at',
    {
      title: 'Look at a camera in the past',
      description:
        'The recorded picture of a camera at a moment, as JPEG: that of the newest key frame at or before it.',
      inputSchema: contract.momentInput,
      annotations: { ...isLooking, idempotentHint: true },
    },
    ({ camera_id: id, at }) =>
      inWords(context, async () => {
        const moment = contract.pastMoment('at', at).toISOString();
        const camera = await caller.cameras.get({ id });
        const picture = await readPicture(
          await readMedia(camera.streamId, `/thumb.jpg?at=${encodeURIComponent(moment)}`),
        );
        const when = picture
          ? contract.whenOf(picture)
          : { picture: 'none', why: 'nothing is recorded at that moment; recordings_of tells what is' };
        return toolAnswer({ camera: contract.briefly(camera), asked_for: at, ...when }, picture);
      }),
  );

  return server;
}

function noPicture({ state, stateReason }: { state: string; stateReason: string | null }) {
  return {
    picture: 'none',
    why: `there is no picture of it at the moment: it is ${state}${stateReason ? ` (${stateReason})` : ''}`,
  };
}

async function readPicture(answer: Response | null): Promise<Picture | null> {
  if (!answer) return null;
  const size = Number(answer.headers.get('content-length') ?? 0);
  if (!answer.headers.get('content-type')?.startsWith('image/jpeg') || size > pictureBytesMax) {
    await answer.body?.cancel();
    return null;
  }
  const jpeg = new Uint8Array(await answer.arrayBuffer());
  if (jpeg.length > pictureBytesMax) return null;
  return { jpeg, capturedAt: answer.headers.get('x-capture-time') };
}
