import { errorBody } from '#server/contracts/error-code.ts';

const timeoutMs = 120_000;

/** Why a picture was not taken: the server's reason, else its code, else `NETWORK`. */
export class PictureRefused extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(`the picture was refused: ${reason}`);
    this.reason = reason;
  }
}

/** Sends the file to the same procedure by REST: of the ways that a browser has, only this one tells how much has left. */
export async function sendPicture(
  file: Blob,
  options: { onProgress: (share: number) => void; signal: AbortSignal },
): Promise<void> {
  const body = JSON.stringify({ base64: await toBase64(file) });
  const request = new XMLHttpRequest();
  request.open('PUT', '/api/v1/account/picture');
  request.setRequestHeader('content-type', 'application/json');
  request.timeout = timeoutMs;
  options.signal.addEventListener('abort', () => request.abort(), { once: true });
  request.upload.addEventListener('progress', ({ loaded, total }) =>
    options.onProgress(total > 0 ? loaded / total : 0),
  );
  return new Promise((resolve, reject) => {
    const refuse = () => reject(new PictureRefused(reasonOf(request.responseText)));
    for (const kind of ['error', 'timeout', 'abort'] as const)
      request.addEventListener(kind, () => reject(new PictureRefused('NETWORK')));
    request.addEventListener('load', () => (request.status < 300 ? resolve() : refuse()));
    request.send(body);
  });
}

function reasonOf(text: string): string {
  try {
    const { error } = errorBody.parse(JSON.parse(text));
    const { reason } = error.details;
    return typeof reason === 'string' ? reason : error.code;
  } catch {
    // Something between us and the server answered in its own words.
    return 'INTERNAL';
  }
}

async function toBase64(file: Blob): Promise<string> {
  const reader = new FileReader();
  const read = new Promise<string>((resolve, reject) => {
    reader.addEventListener('load', () => resolve(typeof reader.result === 'string' ? reader.result : ''));
    reader.addEventListener('error', () => reject(new PictureRefused('damaged')));
  });
  reader.readAsDataURL(file);
  const url = await read;
  return url.slice(url.indexOf(',') + 1);
}
