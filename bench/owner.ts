import { z } from 'zod';

import { cameraForOwner, cameraPage, type CameraForOwner, type CameraInput } from '#server/contracts/camera.ts';

export const credentials = { email: 'bench@example.org', password: 'a long bench password' };

/** The owner of a freshly started system, signed in: what a bench or an end-to-end check does by hand. */
export interface Owner {
  cookie: string;
  addCamera: (input: CameraInput) => Promise<CameraForOwner>;
  removeAllCameras: () => Promise<void>;
}

async function accepted(response: Response, what: string): Promise<Response> {
  if (response.ok) return response;
  throw new Error(`${what}: ${response.status} ${(await response.text()).slice(0, 300)}`);
}

/** Claims the system by its one-time link and signs in the way a browser does. */
export async function becomeOwner(address: string, ownerLink: string): Promise<Owner> {
  const token = new URL(ownerLink).searchParams.get('token');
  const claim = { json: { token, name: 'Bench', ...credentials } };
  const headers = { 'content-type': 'application/json', origin: address };
  await accepted(
    await fetch(`${address}/trpc/identity.claimOwner`, { method: 'POST', headers, body: JSON.stringify(claim) }),
    'claim',
  );
  const cookie = await signIn(address);
  const call = async (method: string, path: string, body?: object) =>
    accepted(
      await fetch(`${address}${path}`, {
        method,
        headers: { ...headers, cookie },
        ...(body ? { body: JSON.stringify(body) } : {}),
        signal: AbortSignal.timeout(30_000),
      }),
      `${method} ${path}`,
    );
  return {
    cookie,
    addCamera: async (input) => cameraForOwner.parse(await (await call('POST', '/api/v1/cameras', input)).json()),
    removeAllCameras: async () => {
      const { items } = cameraPage.parse(await (await call('GET', '/api/v1/cameras?limit=500')).json());
      for (const { id } of items) await call('DELETE', `/api/v1/cameras/${id}`);
    },
  };
}

async function signIn(address: string): Promise<string> {
  const jar = new Map<string, string>();
  const keep = (response: Response) => {
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    return response;
  };
  const cookies = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const csrf = keep(await accepted(await fetch(`${address}/api/auth/csrf`), 'csrf'));
  const { csrfToken } = z.object({ csrfToken: z.string() }).parse(await csrf.json());
  const response = await fetch(`${address}/api/auth/callback/credentials`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: cookies(), origin: address },
    body: new URLSearchParams({ csrfToken, ...credentials, json: 'true', callbackUrl: address }),
  });
  keep(response);
  if (!cookies().includes('session-token'))
    throw new Error(`sign-in gave no session: ${response.status} ${await response.text()}`);
  return cookies();
}
