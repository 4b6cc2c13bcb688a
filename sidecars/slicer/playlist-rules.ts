import { parsePlaylist, type ParsedPlaylist, type ParsedSegment } from './playlist/parse-playlist.ts';

/** Our own reading of RFC 8216bis, run over every playlist of every test: what a media playlist may not be, alone and against the one before it. */

/** Decimals are rounded when they are written. */
const rounding = 2e-5;
const partShareMin = 0.85;

/** Violations in words; empty where there are none. `previous`: the full playlist this client had before, of the same address. */
export function checkPlaylist(text: string, previous?: string): string[] {
  const playlist = parsePlaylist(text);
  const before = previous === undefined ? null : parsePlaylist(previous);
  if (playlist.isMultivariant) return [...playlist.faults, ...multivariant(playlist)];
  if (playlist.skipped !== null && before === null)
    return [...playlist.faults, 'EXT-X-SKIP in an answer to a client that has nothing'];
  const whole = before && playlist.skipped !== null ? mergeDelta(before, playlist) : playlist;
  return [
    ...playlist.faults,
    ...header(playlist),
    ...control(playlist),
    ...durations(playlist),
    ...parts(playlist),
    ...hints(playlist),
    ...dates(whole),
    ...maps(whole),
    ...(before ? reload(before, whole) : []),
  ];
}

/** The full playlist a client holds after a delta update. */
export function mergeDelta(before: ParsedPlaylist, delta: ParsedPlaylist): ParsedPlaylist {
  const skipped = delta.skipped ?? 0;
  const first = delta.mediaSequence ?? 0;
  const kept = before.segments.filter(
    (segment) => segment.mediaSequence >= first && segment.mediaSequence < first + skipped,
  );
  let map = kept.at(-1)?.map ?? null;
  const rest = delta.segments.map((segment) => {
    map = segment.map ?? map;
    return { ...segment, map };
  });
  return {
    ...delta,
    segments: [...kept, ...rest],
    skipped: null,
    faults: kept.length === skipped ? [] : [`a delta skips ${skipped} segments of which the client has ${kept.length}`],
  };
}

function multivariant(playlist: ParsedPlaylist): string[] {
  const faults: string[] = [];
  for (const variant of playlist.variants) {
    if (!/^\d+$/.test(variant.get('BANDWIDTH') ?? '')) faults.push('EXT-X-STREAM-INF without BANDWIDTH');
    if (!variant.get('CODECS')) faults.push('EXT-X-STREAM-INF without CODECS');
    const audio = variant.get('AUDIO');
    if (audio && !playlist.media.some((media) => media.get('GROUP-ID') === audio))
      faults.push(`no EXT-X-MEDIA of group ${audio}`);
  }
  if (playlist.variants.length === 0) faults.push('a multivariant playlist without a variant');
  return faults;
}

function header(playlist: ParsedPlaylist): string[] {
  const faults: string[] = [];
  const { version, targetDuration, mediaSequence, skipped } = playlist;
  if (version === null) faults.push('no EXT-X-VERSION');
  else if (version < 6) faults.push(`EXT-X-MAP without EXT-X-I-FRAMES-ONLY needs version 6, not ${version}`);
  if (skipped !== null && (version ?? 0) < 9) faults.push(`EXT-X-SKIP needs version 9, not ${version}`);
  if (targetDuration === null || !Number.isInteger(targetDuration) || targetDuration < 1)
    faults.push('EXT-X-TARGETDURATION is not a whole number of seconds');
  if (mediaSequence === null || playlist.discontinuitySequence === null)
    faults.push('EXT-X-MEDIA-SEQUENCE or EXT-X-DISCONTINUITY-SEQUENCE is missing');
  if (playlist.firstSegmentLine !== null) {
    for (const tag of [
      'MEDIA-SEQUENCE',
      'DISCONTINUITY-SEQUENCE',
      'TARGETDURATION',
      'PART-INF',
      'SERVER-CONTROL',
      'INDEPENDENT-SEGMENTS',
    ]) {
      if ((playlist.lineOf.get(tag) ?? -1) > playlist.firstSegmentLine)
        faults.push(`EXT-X-${tag} stands behind the first segment`);
    }
  }
  return faults;
}

function control(playlist: ParsedPlaylist): string[] {
  const faults: string[] = [];
  const { serverControl, targetDuration: target, partTarget, ended } = playlist;
  const number = (name: string) => {
    const text = serverControl?.get(name);
    return text === undefined ? null : Number(text);
  };
  const hasParts = playlist.segments.some((segment) => segment.parts.length > 0);
  if (hasParts && partTarget === null) faults.push('EXT-X-PART without EXT-X-PART-INF');
  if (hasParts && number('PART-HOLD-BACK') === null) faults.push('EXT-X-PART without PART-HOLD-BACK');
  if (!ended && serverControl?.get('CAN-BLOCK-RELOAD') !== 'YES')
    faults.push('a live playlist without CAN-BLOCK-RELOAD=YES');
  if (target === null) return faults;
  const holdBack = number('HOLD-BACK');
  const partHoldBack = number('PART-HOLD-BACK');
  const skipUntil = number('CAN-SKIP-UNTIL');
  if (holdBack !== null && holdBack < 3 * target)
    faults.push(`HOLD-BACK ${holdBack} is less than three target durations`);
  if (skipUntil !== null && skipUntil < 6 * target)
    faults.push(`CAN-SKIP-UNTIL ${skipUntil} is less than six target durations`);
  if (partHoldBack !== null && partTarget !== null && partHoldBack < 3 * partTarget)
    faults.push(`PART-HOLD-BACK ${partHoldBack} is less than three part targets`);
  return faults;
}

function durations({ segments, targetDuration, ended, independentSegments }: ParsedPlaylist): string[] {
  const faults: string[] = [];
  segments.forEach((segment, at) => {
    const { duration, mediaSequence, parts: of } = segment;
    if (duration === null) {
      if (at < segments.length - 1) faults.push(`segment ${mediaSequence} has no end and is not the last`);
      if (ended) faults.push(`segment ${mediaSequence} is open in a playlist that has ended`);
    } else if (targetDuration !== null && Math.round(duration) > targetDuration)
      faults.push(`EXTINF ${duration} of ${mediaSequence} exceeds TARGETDURATION ${targetDuration}`);
    const sum = of.reduce((total, part) => total + part.duration, 0);
    if (duration !== null && of.length > 0 && Math.abs(sum - duration) > rounding * (of.length + 1))
      faults.push(`the parts of ${mediaSequence} last ${sum}, its EXTINF says ${duration}`);
    if (independentSegments && of[0] && !of[0].independent)
      faults.push(`INDEPENDENT-SEGMENTS, and the first part of ${mediaSequence} is not independent`);
  });
  return faults;
}

function parts({ segments, partTarget, targetDuration }: ParsedPlaylist): string[] {
  const faults: string[] = [];
  if (partTarget === null) return faults;
  for (const segment of segments) {
    segment.parts.forEach((part, at) => {
      if (part.duration > partTarget + rounding)
        faults.push(`part ${part.uri} of ${part.duration} exceeds PART-TARGET ${partTarget}`);
      // The newest part of an open segment may yet turn out to be its last.
      const isLast = at === segment.parts.length - 1;
      if (part.duration < partTarget * partShareMin - rounding && !part.independent && !isLast)
        faults.push(`part ${part.uri} of ${part.duration} is less than 85 % of ${partTarget}`);
    });
  }
  let behind = 0;
  for (const segment of segments.toReversed()) {
    if (segment.parts.length > 0 && behind >= 3 * (targetDuration ?? 0))
      faults.push(`parts of ${segment.mediaSequence} are older than three target durations`);
    behind += lengthOf(segment);
  }
  return faults;
}

function hints({ segments, hint, ended, partTarget }: ParsedPlaylist): string[] {
  if (ended) return hint ? ['EXT-X-PRELOAD-HINT in a playlist that has ended'] : [];
  if (hint && partTarget === null) return ['EXT-X-PRELOAD-HINT without EXT-X-PART-INF'];
  const listed = segments.flatMap((segment) => segment.parts.map((part) => part.uri));
  return hint && listed.includes(hint) ? [`EXT-X-PRELOAD-HINT ${hint} is listed already`] : [];
}

function dates({ segments }: ParsedPlaylist): string[] {
  const faults: string[] = [];
  let before: ParsedSegment | null = null;
  for (const segment of segments) {
    if (segment.dateMs === null) faults.push(`segment ${segment.mediaSequence} has no PROGRAM-DATE-TIME`);
    const steps = before?.dateMs !== null && before?.dateMs !== undefined && segment.dateMs !== null;
    if (before && steps) {
      const gap = (segment.dateMs ?? 0) - (before.dateMs ?? 0);
      if (gap <= 0) faults.push(`PROGRAM-DATE-TIME of ${segment.mediaSequence} does not come after the one before it`);
      // Within a run dates follow durations; a mapping is slewed by 500 ppm at most.
      else if (!segment.discontinuity && Math.abs(gap - lengthOf(before) * 1000) > 250)
        faults.push(`PROGRAM-DATE-TIME steps by ${gap} ms at ${segment.mediaSequence} without a discontinuity`);
    }
    before = segment;
  }
  return faults;
}

function maps({ segments }: ParsedPlaylist): string[] {
  const faults: string[] = [];
  segments.forEach((segment, at) => {
    const before = segments[at - 1];
    if (segment.map === null) faults.push(`segment ${segment.mediaSequence} has no EXT-X-MAP`);
    if (before && before.map !== segment.map && !segment.discontinuity)
      faults.push(`EXT-X-MAP changes at ${segment.mediaSequence} without a discontinuity`);
  });
  return faults;
}

function reload(before: ParsedPlaylist, now: ParsedPlaylist): string[] {
  const faults = [...now.faults];
  if (before.ended)
    return now.segments.length === before.segments.length ? faults : [...faults, 'a playlist with ENDLIST has changed'];
  if (now.targetDuration !== before.targetDuration)
    faults.push(`TARGETDURATION has changed from ${before.targetDuration} to ${now.targetDuration}`);
  const [oldFirst, newFirst] = [before.mediaSequence ?? 0, now.mediaSequence ?? 0];
  if (newFirst < oldFirst) faults.push(`MEDIA-SEQUENCE went back from ${oldFirst} to ${newFirst}`);
  const oldLast = before.segments.at(-1);
  const newLast = now.segments.at(-1);
  if (oldLast && newLast && newLast.mediaSequence < oldLast.mediaSequence)
    faults.push(`the newest segment went back from ${oldLast.mediaSequence} to ${newLast.mediaSequence}`);
  const removed = before.segments.filter((segment) => segment.mediaSequence < newFirst);
  if (removed.length < before.segments.length || newFirst === oldFirst) {
    const expected = (before.discontinuitySequence ?? 0) + removed.filter((segment) => segment.discontinuity).length;
    if (now.discontinuitySequence !== expected)
      faults.push(`DISCONTINUITY-SEQUENCE is ${now.discontinuitySequence}, not ${expected}`);
  }
  for (const segment of before.segments) {
    const same = now.segments.find((each) => each.mediaSequence === segment.mediaSequence);
    if (same) faults.push(...changes(segment, same));
  }
  return faults;
}

function changes(old: ParsedSegment, now: ParsedSegment): string[] {
  const faults: string[] = [];
  const name = `segment ${old.mediaSequence}`;
  if (old.duration !== null && (old.duration !== now.duration || old.uri !== now.uri))
    faults.push(`${name} has changed since it was listed`);
  if (old.dateMs !== now.dateMs) faults.push(`${name} has another PROGRAM-DATE-TIME`);
  if (old.map !== now.map) faults.push(`${name} has another EXT-X-MAP`);
  if (old.discontinuity !== now.discontinuity) faults.push(`${name} has gained or lost its discontinuity`);
  old.parts.forEach((part, at) => {
    const same = now.parts[at];
    if (now.parts.length > 0 && (same?.uri !== part.uri || same.duration !== part.duration))
      faults.push(`part ${part.uri} has changed since it was listed`);
  });
  return faults;
}

function lengthOf(segment: ParsedSegment): number {
  return segment.duration ?? segment.parts.reduce((sum, part) => sum + part.duration, 0);
}
