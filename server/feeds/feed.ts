import type { GeoBounds } from '#server/contracts/earth.ts';
import type { ImportedCamera, RejectedRow } from '#server/contracts/feeds.ts';

/** One document of a feed. */
export interface FeedRequest {
  /** Names the document in reports: a district, or what it holds. */
  part: string;
  url: string;
  headers?: Record<string, string>;
  /** Read beside the list and handed to its parser; the list stands without it. */
  aside?: true;
  /** Ids of cameras that this document lists begin so; what other documents list is left alone when this one says nothing. */
  scope?: string;
}

/** What a row must keep to. */
export interface FeedRules {
  id: string;
  /** Where its cameras can be. */
  bounds: GeoBounds;
  /** Hosts, or hosts with the beginning of a path, that its pictures and streams come from. */
  hosts: readonly string[];
  /** No picture is asked for more often. */
  refreshSeconds: number;
}

/** A public list of cameras: what it is, where it stands, how it is read. */
export interface Feed extends FeedRules {
  name: string;
  nameJa: string;
  country: string;
  homepage: string;
  licence: string;
  /** Shown with every picture. */
  attribution: string;
  /** Cameras it is known to list. */
  expected: number;
  /** How often the list is read. */
  intervalSeconds: number;
  /** Streams of it that may be read at once, by its operator's terms. */
  concurrentMax?: number;
  requests: readonly FeedRequest[];
  /** A list that stands in the code, for publishers without one. */
  builtIn?: string;
  parse: (bytes: Uint8Array, context: ParseContext) => Parsed;
}

export interface ParseContext {
  rules: FeedRules;
  now: Date;
  /** Documents read beside the list, by part. */
  aside: ReadonlyMap<string, Uint8Array>;
}

export interface Parsed {
  cameras: ImportedCamera[];
  rejected: RejectedRow[];
}
