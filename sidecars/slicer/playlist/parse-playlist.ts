/** Reads a playlist back, as a player would; for the rule check and tests. */

export interface ParsedPart {
  uri: string;
  duration: number;
  independent: boolean;
}

export interface ParsedSegment {
  mediaSequence: number;
  discontinuity: boolean;
  map: string | null;
  dateMs: number | null;
  parts: ParsedPart[];
  /** null while only parts of it are listed. */
  duration: number | null;
  uri: string | null;
}

type Attributes = Map<string, string>;

export interface ParsedPlaylist {
  isMultivariant: boolean;
  version: number | null;
  targetDuration: number | null;
  partTarget: number | null;
  mediaSequence: number | null;
  discontinuitySequence: number | null;
  serverControl: Attributes | null;
  independentSegments: boolean;
  skipped: number | null;
  segments: ParsedSegment[];
  hint: string | null;
  ended: boolean;
  variants: Attributes[];
  media: Attributes[];
  /** Number of the line on which a tag stands first. */
  lineOf: Map<string, number>;
  firstSegmentLine: number | null;
  faults: string[];
}

const attribute = /([A-Z0-9-]+)=("[^"]*"|[^,]*)/g;

function attributesOf(text: string): Attributes {
  return new Map([...text.matchAll(attribute)].map((match) => [match[1] ?? '', (match[2] ?? '').replaceAll('"', '')]));
}

const segmentTags = new Set(['DISCONTINUITY', 'MAP', 'PROGRAM-DATE-TIME', 'PART']);

export function parsePlaylist(text: string): ParsedPlaylist {
  const playlist: ParsedPlaylist = {
    isMultivariant: text.includes('#EXT-X-STREAM-INF'),
    version: null,
    targetDuration: null,
    partTarget: null,
    mediaSequence: null,
    discontinuitySequence: null,
    serverControl: null,
    independentSegments: false,
    skipped: null,
    segments: [],
    hint: null,
    ended: false,
    variants: [],
    media: [],
    lineOf: new Map(),
    firstSegmentLine: null,
    faults: [],
  };
  const lines = text.split('\n');
  if (lines[0] !== '#EXTM3U') playlist.faults.push('the first line is not #EXTM3U');
  if (!text.endsWith('\n')) playlist.faults.push('the last line has no end');
  const reader = new Reader(playlist);
  lines.forEach((line, at) => reader.line(line, at));
  reader.end();
  return playlist;
}

class Reader {
  readonly #playlist: ParsedPlaylist;
  #map: string | null = null;
  #open: ParsedSegment | null = null;
  #count = 0;

  constructor(playlist: ParsedPlaylist) {
    this.#playlist = playlist;
  }

  line(line: string, at: number): void {
    if (line === '' || line === '#EXTM3U') return;
    if (!line.startsWith('#')) return this.#uri(line);
    const match = /^#(?:EXT-X-)?([A-Z0-9-]+)(?::(.*))?$/.exec(line);
    const tag = match?.[1] ?? '';
    const { lineOf } = this.#playlist;
    if (!lineOf.has(tag)) lineOf.set(tag, at);
    if (segmentTags.has(tag) || tag === 'EXTINF') this.#playlist.firstSegmentLine ??= at;
    this.#tag(tag, match?.[2] ?? '');
  }

  end(): void {
    if (this.#open && this.#open.parts.length > 0) this.#playlist.segments.push(this.#open);
    else if (this.#open) this.#playlist.faults.push('tags of a segment that does not come');
  }

  #tag(tag: string, value: string): void {
    const playlist = this.#playlist;
    switch (tag) {
      case 'VERSION':
        playlist.version = Number(value);
        break;
      case 'TARGETDURATION':
        playlist.targetDuration = Number(value);
        break;
      case 'PART-INF':
        playlist.partTarget = Number(attributesOf(value).get('PART-TARGET'));
        break;
      case 'MEDIA-SEQUENCE':
        playlist.mediaSequence = Number(value);
        break;
      case 'DISCONTINUITY-SEQUENCE':
        playlist.discontinuitySequence = Number(value);
        break;
      case 'SERVER-CONTROL':
        playlist.serverControl = attributesOf(value);
        break;
      case 'INDEPENDENT-SEGMENTS':
        playlist.independentSegments = true;
        break;
      case 'SKIP':
        playlist.skipped = Number(attributesOf(value).get('SKIPPED-SEGMENTS'));
        this.#count = playlist.skipped;
        break;
      case 'STREAM-INF':
        playlist.variants.push(attributesOf(value));
        break;
      case 'MEDIA':
        playlist.media.push(attributesOf(value));
        break;
      case 'PRELOAD-HINT':
        playlist.hint = attributesOf(value).get('URI') ?? null;
        break;
      case 'ENDLIST':
        playlist.ended = true;
        break;
      default:
        this.#segmentTag(tag, value);
    }
  }

  #segmentTag(tag: string, value: string): void {
    if (tag === 'MAP') this.#map = attributesOf(value).get('URI') ?? null;
    const segment = this.#segment();
    segment.map = this.#map;
    if (tag === 'DISCONTINUITY') segment.discontinuity = true;
    else if (tag === 'PROGRAM-DATE-TIME') segment.dateMs = Date.parse(value);
    else if (tag === 'EXTINF') segment.duration = Number.parseFloat(value);
    else if (tag === 'PART') {
      const part = attributesOf(value);
      segment.parts.push({
        uri: part.get('URI') ?? '',
        duration: Number(part.get('DURATION')),
        independent: part.get('INDEPENDENT') === 'YES',
      });
    } else if (tag !== 'MAP' && tag !== 'GAP') this.#playlist.faults.push(`tag ${tag} is not known`);
  }

  #segment(): ParsedSegment {
    this.#open ??= {
      mediaSequence: (this.#playlist.mediaSequence ?? 0) + this.#count,
      discontinuity: false,
      map: this.#map,
      dateMs: null,
      parts: [],
      duration: null,
      uri: null,
    };
    return this.#open;
  }

  #uri(uri: string): void {
    if (this.#playlist.isMultivariant) return;
    const segment = this.#segment();
    if (segment.duration === null) this.#playlist.faults.push(`${uri} has no EXTINF`);
    segment.uri = uri;
    this.#playlist.segments.push(segment);
    this.#open = null;
    this.#count += 1;
  }
}
