import type { Server } from 'node:http';

import { encode } from 'next-auth/jwt';

import { cameraForOwner, type CameraForOwner, type CameraInput } from '#server/contracts/camera.ts';
import type { UserActor } from '#server/contracts/identity.ts';
import { openDatabase, type Database } from '#server/platform/db.ts';

import { openTemplate, teardown } from './database-template.ts';
import { withDatabase } from './database-url.ts';
import { aCameraInput, anOwner } from './factories.ts';
import { aServer, authSecret, joinAs, startGateway, urlOf } from './gateway-process.ts';

/** The doors as machines find them: the gateway's own process, a real database, and a double of the slicer. */
export interface MachineDoors {
  base: string;
  database: Database;
  owner: UserActor;
  /** The owner's. */
  cookie: string;
  /** What every picture of the slicer is, and when it was taken. */
  jpeg: Buffer;
  capturedAt: string;
  send: (path: string, init?: RequestInit & { headers?: Record<string, string> }) => Promise<Response>;
  post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Response>;
  /** Public where it is not said otherwise. */
  aCamera: (overrides?: Partial<CameraInput>) => Promise<CameraForOwner>;
  close: () => Promise<void>;
}

export async function openMachineDoors(): Promise<MachineDoors> {
  const { serverUrl, template } = await openTemplate();
  const databaseUrl = withDatabase(serverUrl, template);
  const database = openDatabase(databaseUrl, { connectionsMax: 3 });
  const owner = await anOwner(database);
  await database.session.create({
    data: { id: owner.credential.id, userId: owner.userId, expiresAt: new Date(Date.now() + 3_600_000) },
  });
  const cookie = `next-auth.session-token=${await encode({ token: { sid: owner.credential.id }, secret: authSecret })}`;
  const capturedAt = new Date(Date.now() - 2000).toISOString();
  const jpeg = Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex');
  const slicer = await aSlicer({ jpeg, capturedAt });
  const web = await aServer((request, response) => response.end(`page ${request.method ?? ''}`));
  const gateway = await startGateway({ databaseUrl, webUrl: urlOf(web) });
  const keeper = await joinAs('slicer', { internal: gateway.internal, url: urlOf(slicer) });
  const send: MachineDoors['send'] = (path, init = {}) => fetch(`${gateway.base}${path}`, init);
  const post: MachineDoors['post'] = (path, body, headers = {}) =>
    send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  return {
    base: gateway.base,
    database,
    owner,
    cookie,
    jpeg,
    capturedAt,
    send,
    post,
    aCamera: async (overrides = {}) => {
      const made = await post('/api/v1/cameras', aCameraInput({ visibility: 'public', ...overrides }), { cookie });
      return cameraForOwner.parse(await made.json());
    },
    close: async () => {
      await keeper.leave();
      await gateway.stop();
      for (const server of [slicer, web]) {
        server.closeAllConnections();
        server.close();
      }
      await database.$disconnect();
      await teardown();
    },
  };
}

/** Holds one picture of every stream, and has recorded all of every span that it is asked for. */
function aSlicer({ jpeg, capturedAt }: { jpeg: Buffer; capturedAt: string }): Promise<Server> {
  return aServer((request, response) => {
    const url = request.url ?? '';
    if (url.includes('/thumb.jpg'))
      response.writeHead(200, { 'content-type': 'image/jpeg', 'x-capture-time': capturedAt }).end(jpeg);
    else if (url.includes('/timeline.json')) {
      const asked = new URL(url, 'http://slicer').searchParams;
      const span = { from: asked.get('from'), to: asked.get('to') };
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ ...span, spans: [{ ...span, kind: 'recorded' }] }));
    } else response.writeHead(404).end();
  });
}
