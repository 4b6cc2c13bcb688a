import type { Dispatcher } from 'undici';

import { feedFaultSentence } from '#server/contracts/feed-fault.ts';
import type { ImportedCamera, RejectedRow } from '#server/contracts/feeds.ts';

import { FeedFault } from './feed-fault.ts';
import type { Feed, FeedRequest } from './feed.ts';
import { fetchDocument, type FetchLimits, type Validators } from './fetch-document.ts';
import type { HostTurns } from './host-turns.ts';

/** What a reading of a feed found. */
export interface Reading {
  cameras: ImportedCamera[];
  rejected: RejectedRow[];
  /** Beginnings of the origins that the documents which were read speak for: what stands there and is not listed is gone. */
  scopes: string[];
  /** Documents that could not be read or believed, and why; what they list stays as it was. */
  missing: string[];
  /** To be asked with next time, once all of this stands. */
  validators: ReadonlyMap<string, Validators>;
}

interface Growing extends Reading {
  validators: Map<string, Validators>;
}

interface Options {
  agent: Dispatcher;
  turns: HostTurns;
  limits: FetchLimits;
  signal: AbortSignal;
  now: Date;
  /** Of the documents as they stand, by address. */
  known: ReadonlyMap<string, Validators>;
  /** Cameras that stand whose origin begins so. */
  standing: (scope: string) => Promise<number>;
  /** The operator has said that the list may have shrunk. */
  acceptFewer: boolean;
}

/** Documents of a feed whose server may keep us waiting before the rest is left for next time. */
const silentMax = 2;
/** Fewer stand in such a small list that a half of them means nothing. */
const shrinkFrom = 4;

/** Reads every document of a feed. Null: none has changed since. Throws when none of them can be taken. */
export async function readFeed(feed: Feed, options: Options): Promise<Reading | null> {
  const into: Growing = { cameras: [], rejected: [], scopes: [], missing: [], validators: new Map() };
  const faults: FeedFault[] = [];
  const aside = await readAside(feed, options);
  let unchanged = 0;
  for (const request of listRequests(feed)) {
    if (faults.filter((fault) => fault.code === 'TIMED_OUT').length >= silentMax) {
      into.missing.push(`${request.part}: ${feedFaultSentence('UNASKED')}`);
      continue;
    }
    try {
      const taken = await readPart(feed, request, { options, aside, into });
      if (!taken) unchanged += 1;
    } catch (error) {
      if (!(error instanceof FeedFault)) throw error;
      faults.push(error);
      into.missing.push(`${request.part}: ${error.message}`);
    }
  }
  if (into.scopes.length === 0 && unchanged === 0) {
    // A list that has only shrunk can be taken by a word of the operator: that is to be known.
    throw (
      faults.find((fault) => fault.code === 'SHRUNKEN') ??
      faults[0] ??
      new FeedFault('EMPTY', feedFaultSentence('NOTHING'))
    );
  }
  return into.scopes.length === 0 && faults.length === 0 ? null : into;
}

function listRequests(feed: Feed): FeedRequest[] {
  if (feed.builtIn !== undefined) return [{ part: 'list', url: '' }];
  return feed.requests.filter((request) => !request.aside);
}

async function readAside(feed: Feed, options: Options): Promise<Map<string, Uint8Array>> {
  const aside = new Map<string, Uint8Array>();
  for (const { part, url, headers } of feed.requests.filter((request) => request.aside)) {
    try {
      const found = await fetchDocument(url, { ...options, known: null, ...(headers && { headers }) });
      if (found) aside.set(part, found.bytes);
    } catch (error) {
      // The list stands without it.
      if (!(error instanceof FeedFault)) throw error;
    }
  }
  return aside;
}

async function readPart(
  feed: Feed,
  request: FeedRequest,
  work: {
    options: Options;
    aside: ReadonlyMap<string, Uint8Array>;
    into: Growing;
  },
): Promise<boolean> {
  const { options, aside, into } = work;
  const { url, headers } = request;
  const found =
    feed.builtIn === undefined
      ? await fetchDocument(url, { ...options, known: options.known.get(url) ?? null, ...(headers && { headers }) })
      : { bytes: new TextEncoder().encode(feed.builtIn), etag: null, lastModified: null };
  if (!found) return false;
  const { cameras, rejected } = feed.parse(found.bytes, { rules: feed, now: options.now, aside });
  if (cameras.length === 0) throw new FeedFault('EMPTY', emptyBecause(rejected));
  const scope = `${feed.id}:${request.scope ?? ''}`;
  const standing = await options.standing(scope);
  if (!options.acceptFewer && standing >= shrinkFrom && cameras.length < standing / 2)
    throw new FeedFault('SHRUNKEN', feedFaultSentence('FEWER', { about: cameras.length, standing }));
  const seen = new Set(into.cameras.map((camera) => camera.origin));
  into.cameras.push(...cameras.filter((camera) => !seen.has(camera.origin)));
  into.rejected.push(...rejected);
  into.scopes.push(scope);
  into.validators.set(url, found);
  return true;
}

function emptyBecause(rejected: readonly RejectedRow[]): string {
  const [first] = rejected;
  return first
    ? feedFaultSentence('NONE_TAKEN', { about: `${rejected.length} rows, ${first.row}: ${first.code}` })
    : feedFaultSentence('NONE');
}
