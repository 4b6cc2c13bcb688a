/** ISO/IEC 14496-12 boxes, for what is written seldom (init segments). Chunks have their own writer. */

export function box(type: string, ...parts: Buffer[]): Buffer {
  let size = 8;
  for (const part of parts) size += part.length;
  const out = Buffer.allocUnsafe(size);
  out.writeUInt32BE(size, 0);
  out.write(type, 4, 'latin1');
  let at = 8;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function fullBox(type: string, head: { version: number; flags: number }, ...parts: Buffer[]): Buffer {
  return box(type, uint32(((head.version << 24) | head.flags) >>> 0), ...parts);
}

export function uint8(...values: number[]): Buffer {
  return Buffer.from(values);
}

export function uint16(...values: number[]): Buffer {
  const out = Buffer.alloc(2 * values.length);
  for (const [i, value] of values.entries()) out.writeUInt16BE(value & 0xffff, 2 * i);
  return out;
}

export function uint32(...values: number[]): Buffer {
  const out = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) out.writeUInt32BE(value >>> 0, 4 * i);
  return out;
}

export function zeros(count: number): Buffer {
  return Buffer.alloc(count);
}

export function ascii(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
