import type { IncomingMessage, ServerResponse } from 'node:http';

import type { House } from '#server/api/house.ts';
import { AppError } from '#server/platform/app-error.ts';

const prefix = '/pictures/';

/** `/pictures/{name}`: people's pictures. Their names are not to be guessed and change with the picture, so what a name shows never changes. */
export function createPictureDoor(pictures: Pick<House['people']['pictures'], 'read'>) {
  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const picture = isRead(request) ? await pictures.read(path.slice(prefix.length)) : null;
    if (!picture) throw new AppError('NOT_FOUND', { message: 'no such picture' });
    response.writeHead(200, {
      'content-type': 'image/webp',
      'content-length': picture.length,
      'cache-control': 'public, max-age=31536000, immutable',
    });
    response.end(request.method === 'HEAD' ? undefined : picture);
  };
}

function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}
