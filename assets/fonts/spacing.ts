/**
 * The feature `halt`: Japanese punctuation is half as wide as it stands, and browsers close up the empty half where two
 * marks meet. https://learn.microsoft.com/typography/opentype/spec/gpos
 */
const groups = [
  { marks: '、。」』）】〉》〕，．', shift: 0 },
  { marks: '「『（【〈《〔', shift: -0.5 },
  { marks: '・：', shift: -0.25 },
] as const;

/** The table of positions for a font with these glyphs; lengths in its own units. */
export function halfWidths(glyphs: ReadonlyMap<number, number>, unitsPerEm: number): Buffer {
  const subtables = groups.flatMap(({ marks, shift }) => {
    const covered = Array.from(marks)
      .flatMap((mark) => glyphs.get(mark.codePointAt(0) ?? 0) ?? [])
      .toSorted((a, b) => a - b);
    if (covered.length === 0) return [];
    // Format 1, XPlacement and XAdvance, then the glyphs they are for.
    return [words([1, 10, 0x0005, shift * unitsPerEm, -0.5 * unitsPerEm, 1, covered.length, ...covered])];
  });
  const scripts = words([1, ...tag('DFLT'), 8, 4, 0, 0, 0xffff, 1, 0]);
  const features = words([1, ...tag('halt'), 8, 0, 1, 0]);
  let offset = 6 + subtables.length * 2;
  const offsets = subtables.map((subtable) => {
    const at = offset;
    offset += subtable.length;
    return at;
  });
  const lookups = Buffer.concat([words([1, 4, 1, 0, subtables.length, ...offsets]), ...subtables]);
  const head = words([1, 0, 10, 10 + scripts.length, 10 + scripts.length + features.length]);
  return Buffer.concat([head, scripts, features, lookups]);
}

function words(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value & 0xffff, index * 2);
  return bytes;
}

const tag = (name: string): number[] => [0, 2].map((at) => name.charCodeAt(at) * 256 + name.charCodeAt(at + 1));
