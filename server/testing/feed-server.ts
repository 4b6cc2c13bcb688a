import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';

import { catalogue } from '#server/feeds/catalogue.ts';
import type { Feed } from '#server/feeds/feed.ts';
import { FeedsService, type FeedsOptions } from '#server/feeds/service.ts';
import { IdentityService } from '#server/identity/service.ts';
import { createSealer } from '#server/platform/sealed.ts';
import type { Database } from '#server/platform/transaction.ts';

import { aBus, aSourcesService, silentLog } from './factories.ts';

/** Stands for the internet: every other address of this machine stands for what lies behind the wall. */
export const outsideAddress = '127.0.0.2';

/** A publisher's server, which answers what the test says at the moment. */
export async function aPublisher() {
  const asked: { url: string; headers: NodeJS.Dict<string | string[]> }[] = [];
  let answer: RequestListener = (_request, response) => response.writeHead(404).end();
  const server = createServer((request, response) => {
    asked.push({ url: request.url ?? '', headers: request.headers });
    answer(request, response);
  }).listen(0, outsideAddress);
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('not listening');
  return {
    url: `http://${outsideAddress}:${address.port}`,
    asked,
    answers: (listener: RequestListener) => void (answer = listener),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function sendsJson(value: unknown): RequestListener {
  const body = gzipSync(JSON.stringify(value));
  return (_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(body);
}

/** Rows as Transport for London writes them. */
export function jamCams(count: number, change: (index: number) => object = () => ({})): object[] {
  return Array.from({ length: count }, (_, index) => {
    const picture = `https://s3-eu-west-1.amazonaws.com/jamcams.tfl.gov.uk/00001.${index}.jpg`;
    return {
      id: `JamCams_00001.${index}`,
      commonName: `Crossing ${index}`,
      lat: 51.4 + (index % 100) / 1000,
      lon: -0.2 + Math.floor(index / 100) / 1000,
      additionalProperties: [
        { key: 'available', value: 'true' },
        { key: 'imageUrl', value: picture },
      ],
      ...change(index),
    };
  });
}

/** A feed of the catalogue whose documents lie on the double. */
export function aFeed(id: string, requests: Feed['requests']): Feed {
  const feed = catalogue.find((one) => one.id === id);
  if (!feed) throw new Error(`no feed ${id}`);
  return { ...feed, requests };
}

export function aFeedsService(database: Database, overrides: Partial<FeedsOptions> = {}): FeedsService {
  const events = overrides.events ?? aBus();
  return new FeedsService({
    database,
    events,
    sealer: createSealer('a key for tests only'),
    identity: new IdentityService({ database, events }),
    sources: aSourcesService(database, { events: aBus() }),
    log: silentLog,
    ...overrides,
    outside: {
      isAllowed: (address) => address === outsideAddress,
      limits: { bytesMax: 4 * 1_048_576, withinMs: 1500, retryMs: 5 },
      pauseMs: 1,
      ...overrides.outside,
    },
  });
}
