import { padded, readTables, tableOf, writeTables, type Tables } from './sfnt.ts';
/** Makes one variable TrueType font of several cut from the same one: the package has Japanese in a hundred and twenty pieces only. */
import { halfWidths } from './spacing.ts';

interface Piece {
  tables: Tables;
  /** Its glyphs are these of the whole, from here; its glyph 0 (what is missing) is the whole's. */
  from: number;
  count: number;
}

/** Kept as the first piece has them: all pieces have the same. */
const common = ['OS/2', 'name', 'fvar', 'avar', 'STAT'];

export function mergeFonts(files: readonly Buffer[]): Buffer {
  const pieces: Piece[] = [];
  let total = 1;
  for (const file of files) {
    const tables = readTables(file);
    const count = tableOf(tables, 'maxp').readUInt16BE(4);
    pieces.push({ tables, from: total - 1, count });
    total += count - 1;
  }
  const [first] = pieces;
  if (!first) throw new Error('no font to merge');
  const merged = new Map<string, Buffer>();
  for (const tag of common) merged.set(tag, tableOf(first.tables, tag));

  const outlines = pieces.flatMap((piece, index) => outlinesOf(piece).slice(index === 0 ? 0 : 1));
  const loca = Buffer.alloc((outlines.length + 1) * 4);
  let offset = 0;
  for (const [index, outline] of outlines.entries()) {
    offset += outline.length;
    loca.writeUInt32BE(offset, (index + 1) * 4);
  }
  merged.set('glyf', Buffer.concat(outlines));
  merged.set('loca', loca);
  merged.set('hmtx', Buffer.concat(pieces.flatMap((piece, index) => metricsOf(piece).slice(index === 0 ? 0 : 1))));
  merged.set('gvar', variationsOf(pieces, total));
  const glyphs = charactersOf(pieces);
  merged.set('cmap', tableOfCharacters(glyphs));
  merged.set('GPOS', halfWidths(glyphs, tableOf(first.tables, 'head').readUInt16BE(18)));

  const head = Buffer.from(tableOf(first.tables, 'head'));
  // Long offsets; the bounds of all glyphs.
  head.writeInt16BE(1, 50);
  for (const [at, choose] of [
    [36, Math.min],
    [38, Math.min],
    [40, Math.max],
    [42, Math.max],
  ] as const)
    head.writeInt16BE(choose(...pieces.map(({ tables }) => tableOf(tables, 'head').readInt16BE(at))), at);
  merged.set('head', head);
  const hhea = Buffer.from(tableOf(first.tables, 'hhea'));
  hhea.writeUInt16BE(total, 34);
  merged.set('hhea', hhea);
  const maxp = Buffer.from(tableOf(first.tables, 'maxp'));
  maxp.writeUInt16BE(total, 4);
  for (let at = 6; at < maxp.length; at += 2)
    maxp.writeUInt16BE(Math.max(...pieces.map(({ tables }) => tableOf(tables, 'maxp').readUInt16BE(at))), at);
  merged.set('maxp', maxp);
  // Version 3: glyphs without names.
  const post = Buffer.from(tableOf(first.tables, 'post').subarray(0, 32));
  post.writeUInt32BE(0x00030000, 0);
  merged.set('post', post);
  return writeTables(merged);
}

function outlinesOf({ tables, from, count }: Piece): Buffer[] {
  const [loca, glyf] = [tableOf(tables, 'loca'), tableOf(tables, 'glyf')];
  const isLong = tableOf(tables, 'head').readInt16BE(50) === 1;
  const at = (glyph: number) => (isLong ? loca.readUInt32BE(glyph * 4) : loca.readUInt16BE(glyph * 2) * 2);
  return Array.from({ length: count }, (_, glyph) => {
    const outline = Buffer.from(glyf.subarray(at(glyph), at(glyph + 1)));
    if (outline.length > 0 && outline.readInt16BE(0) < 0) renumberParts(outline, from);
    return padded(outline, 4);
  });
}

/** A glyph made of others names them by their numbers. */
function renumberParts(outline: Buffer, from: number): void {
  for (let at = 10, isMore = true; isMore;) {
    const flags = outline.readUInt16BE(at);
    const glyph = outline.readUInt16BE(at + 2);
    outline.writeUInt16BE(glyph === 0 ? 0 : glyph + from, at + 2);
    const words = flags & 0x0001 ? 2 : 1;
    const scales = flags & 0x0008 ? 1 : flags & 0x0040 ? 2 : flags & 0x0080 ? 4 : 0;
    at += 4 + words * 2 + scales * 2;
    isMore = (flags & 0x0020) !== 0;
  }
}

function metricsOf({ tables, count }: Piece): Buffer[] {
  const hmtx = tableOf(tables, 'hmtx');
  const whole = tableOf(tables, 'hhea').readUInt16BE(34);
  return Array.from({ length: count }, (_, glyph) => {
    const metric = Buffer.alloc(4);
    // The last ones share one width.
    metric.writeUInt16BE(hmtx.readUInt16BE(Math.min(glyph, whole - 1) * 4), 0);
    metric.writeInt16BE(hmtx.readInt16BE(glyph < whole ? glyph * 4 + 2 : whole * 4 + (glyph - whole) * 2), 2);
    return metric;
  });
}

function variationsOf(pieces: readonly Piece[], total: number): Buffer {
  const shared: Buffer[] = [];
  const data: Buffer[] = [];
  let axes = 0;
  for (const [index, { tables, count }] of pieces.entries()) {
    const gvar = tableOf(tables, 'gvar');
    axes = gvar.readUInt16BE(4);
    const [tuples, isLong, start] = [gvar.readUInt32BE(8), gvar.readUInt16BE(14) & 1, gvar.readUInt32BE(16)];
    const at = (glyph: number) =>
      start + (isLong ? gvar.readUInt32BE(20 + glyph * 4) : gvar.readUInt16BE(20 + glyph * 2) * 2);
    const numbers = Array.from({ length: gvar.readUInt16BE(6) }, (_, tuple) => {
      const peak = gvar.subarray(tuples + tuple * axes * 2, tuples + (tuple + 1) * axes * 2);
      const known = shared.findIndex((one) => one.equals(peak));
      return known < 0 ? shared.push(peak) - 1 : known;
    });
    for (let glyph = index === 0 ? 0 : 1; glyph < count; glyph++) {
      const variation = Buffer.from(gvar.subarray(at(glyph), at(glyph + 1)));
      if (variation.length > 0) renumberTuples(variation, numbers, axes);
      data.push(padded(variation, 4));
    }
  }
  const head = Buffer.alloc(20 + (total + 1) * 4);
  head.writeUInt32BE(0x00010000, 0);
  head.writeUInt16BE(axes, 4);
  head.writeUInt16BE(shared.length, 6);
  head.writeUInt32BE(head.length, 8);
  head.writeUInt16BE(total, 12);
  head.writeUInt16BE(1, 14);
  const peaks = padded(Buffer.concat(shared), 4);
  head.writeUInt32BE(head.length + peaks.length, 16);
  let offset = 0;
  for (const [glyph, variation] of data.entries()) {
    offset += variation.length;
    head.writeUInt32BE(offset, 20 + (glyph + 1) * 4);
  }
  return Buffer.concat([head, peaks, ...data]);
}

/** A glyph's variations name the font's shared peaks by their numbers. */
function renumberTuples(variation: Buffer, numbers: readonly number[], axes: number): void {
  let at = 4;
  for (let left = variation.readUInt16BE(0) & 0x0fff; left > 0; left--) {
    const word = variation.readUInt16BE(at + 2);
    const hasOwnPeak = (word & 0x8000) !== 0;
    if (!hasOwnPeak) variation.writeUInt16BE((word & 0xf000) | (numbers[word & 0x0fff] ?? 0), at + 2);
    at += 4 + (hasOwnPeak ? axes * 2 : 0) + (word & 0x4000 ? axes * 4 : 0);
  }
}

/** What of the pieces' characters lies in the basic plane. */
function charactersOf(pieces: readonly Piece[]): Map<number, number> {
  const glyphs = new Map<number, number>();
  for (const { tables, from } of pieces)
    for (const [character, glyph] of charactersIn(tableOf(tables, 'cmap'))) glyphs.set(character, glyph + from);
  return glyphs;
}

/** Format 4. */
function tableOfCharacters(glyphs: ReadonlyMap<number, number>): Buffer {
  const runs: { first: number; last: number; delta: number }[] = [];
  for (const [character, glyph] of [...glyphs].toSorted(([a], [b]) => a - b)) {
    const run = runs.at(-1);
    const delta = (glyph - character) & 0xffff;
    if (run && run.last === character - 1 && run.delta === delta) run.last = character;
    else runs.push({ first: character, last: character, delta });
  }
  runs.push({ first: 0xffff, last: 0xffff, delta: 1 });
  const count = runs.length;
  const table = Buffer.alloc(12 + 16 + count * 8);
  table.writeUInt16BE(1, 2);
  table.writeUInt16BE(3, 4);
  table.writeUInt16BE(1, 6);
  table.writeUInt32BE(12, 8);
  const power = 2 ** Math.floor(Math.log2(count));
  for (const [index, word] of [
    4,
    16 + count * 8,
    0,
    count * 2,
    power * 2,
    Math.log2(power),
    (count - power) * 2,
  ].entries())
    table.writeUInt16BE(word, 12 + index * 2);
  for (const [index, { first, last, delta }] of runs.entries()) {
    table.writeUInt16BE(last, 26 + index * 2);
    table.writeUInt16BE(first, 28 + (count + index) * 2);
    table.writeUInt16BE(delta, 28 + (count * 2 + index) * 2);
  }
  return table;
}

function* charactersIn(cmap: Buffer): Generator<[character: number, glyph: number]> {
  for (let index = 0; index < cmap.readUInt16BE(2); index++) {
    const table = cmap.subarray(cmap.readUInt32BE(4 + index * 8 + 4));
    if (table.readUInt16BE(0) !== 4) continue;
    const count = table.readUInt16BE(6) / 2;
    for (let run = 0; run < count; run++) {
      const [last, first] = [table.readUInt16BE(14 + run * 2), table.readUInt16BE(16 + (count + run) * 2)];
      const delta = table.readUInt16BE(16 + (count * 2 + run) * 2);
      const rangeAt = 16 + (count * 3 + run) * 2;
      const range = table.readUInt16BE(rangeAt);
      for (let character = first; character <= last && character < 0xffff; character++) {
        const listed = range === 0 ? character : table.readUInt16BE(rangeAt + range + (character - first) * 2);
        const glyph = range === 0 || listed !== 0 ? (listed + delta) & 0xffff : 0;
        if (glyph !== 0) yield [character, glyph];
      }
    }
    return;
  }
  throw new Error('the font has no table of characters of format 4');
}
