/** Where a box's payload begins and where it ends. */
export interface BoxPlace {
  body: number;
  end: number;
}

/** The first box of a type among those that lie between two places; null where there is none before a damaged one. */
export function findBox(bytes: Buffer, type: string, { body, end: to }: BoxPlace): BoxPlace | null {
  for (let at = body; at + 8 <= to;) {
    const size = bytes.readUInt32BE(at);
    if (size < 8 || at + size > to) return null;
    if (bytes.toString('latin1', at + 4, at + 8) === type) return { body: at + 8, end: at + size };
    at += size;
  }
  return null;
}
