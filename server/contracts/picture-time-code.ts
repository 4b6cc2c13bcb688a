/**
 * A time code in the picture that a machine reads from a screenshot, so that latency is measured glass to glass.
 *
 * One row of 64 cells across the whole width at the very bottom of the picture, `rowHeight` of its height tall. White (luma > 128) is 1.
 * Cells 0–3: 1 0 1 0 (found, and the polarity); 4–51: UTC milliseconds since 1970, 48 bits, most significant first; 52–59: CRC-8 (polynomial
 * 0x07, initial 0) of the six bytes; 60–63: 0 1 0 1.
 */
export const timeCodeCells = 64;
/** Share of the picture's height. */
export const timeCodeRowHeight = 1 / 24;

function crc8(bytes: readonly number[]): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : (crc << 1) & 0xff;
  }
  return crc;
}

/** 64 cells, true is white. `utcMs` is rounded down to whole milliseconds. */
export function encodeTimeCode(utcMs: number): boolean[] {
  const bytes: number[] = [];
  for (let shift = 5; shift >= 0; shift -= 1) bytes.push(Math.floor(utcMs / 256 ** shift) % 256);
  const bits = [...bytes, crc8(bytes)].flatMap((byte) =>
    Array.from({ length: 8 }, (_, bit) => (byte >> (7 - bit)) % 2 === 1),
  );
  return [true, false, true, false, ...bits, false, true, false, true];
}

/** The time a row of cells tells, or null where it is damaged or no time code at all. `cells` are lumas 0–255. */
export function decodeTimeCode(cells: readonly number[]): number | null {
  if (cells.length !== timeCodeCells) return null;
  const bits = cells.map((luma) => luma > 128);
  const frame = [bits[0], bits[1], bits[2], bits[3], bits[60], bits[61], bits[62], bits[63]];
  if (frame.map((bit) => (bit ? '1' : '0')).join('') !== '10100101') return null;
  const bytes = Array.from({ length: 7 }, (_, index) =>
    bits.slice(4 + 8 * index, 12 + 8 * index).reduce((value, bit) => value * 2 + (bit ? 1 : 0), 0),
  );
  const time = bytes.slice(0, 6);
  return crc8(time) === bytes[6] ? time.reduce((value, byte) => value * 256 + byte, 0) : null;
}

/** Reads the code from RGBA pixels (`ImageData`) of a whole picture by the centre of each cell. */
export function readTimeCode(pixels: {
  data: Uint8ClampedArray | Uint8Array;
  width: number;
  height: number;
}): number | null {
  const y = Math.floor(pixels.height * (1 - timeCodeRowHeight / 2));
  const cells = Array.from({ length: timeCodeCells }, (_, index) => {
    const x = Math.floor(((index + 0.5) * pixels.width) / timeCodeCells);
    const at = (y * pixels.width + x) * 4;
    const [red = 0, green = 0, blue = 0] = pixels.data.slice(at, at + 3);
    return 0.299 * red + 0.587 * green + 0.114 * blue;
  });
  return decodeTimeCode(cells);
}
