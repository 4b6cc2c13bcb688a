import { BitReader, CodecError } from './bit-reader.ts';

/** VP9 bitstream §6.2 and the vpcC record of "VP Codec ISO Media File Format Binding" (without its FullBox header). */
export interface Vp9Header {
  profile: number;
  bitDepth: number;
  /** 0 4:2:0 vertical, 1 4:2:0 collocated, 2 4:2:2, 3 4:4:4 */
  chroma: number;
  fullRange: boolean;
  width: number;
  height: number;
}

/** The uncompressed header of a key frame; null where the frame is not a key frame. */
export function parseVp9KeyFrame(data: Buffer): Vp9Header | null {
  const reader = new BitReader(data);
  if (reader.bits(2) !== 2) throw new CodecError('VP9 frame marker');
  const profile = reader.bit() + 2 * reader.bit();
  if (profile === 3) reader.skip(1);
  if (reader.flag()) return null; // show_existing_frame
  if (reader.flag()) return null; // frame_type: not a key frame
  reader.skip(2);
  if (reader.bits(24) !== 0x498342) throw new CodecError('VP9 sync code');
  const bitDepth = profile >= 2 ? (reader.flag() ? 12 : 10) : 8;
  const colourSpace = reader.bits(3);
  let chroma = 1;
  let fullRange = true;
  if (colourSpace === 7) {
    chroma = 3;
    if (profile === 1 || profile === 3) reader.skip(1);
  } else {
    fullRange = reader.flag();
    if (profile === 1 || profile === 3) {
      const x = reader.bit();
      const y = reader.bit();
      chroma = x === 0 ? 3 : y === 0 ? 2 : 1;
      reader.skip(1);
    }
  }
  return { profile, bitDepth, chroma, fullRange, width: reader.bits(16) + 1, height: reader.bits(16) + 1 };
}

/** Level by picture size alone: the stream does not say it, and players only look at its bound. */
function levelOf(header: Pick<Vp9Header, 'width' | 'height'>): number {
  const pixels = header.width * header.height;
  if (pixels <= 36_864) return 10;
  if (pixels <= 122_880) return 20;
  if (pixels <= 552_960) return 30;
  if (pixels <= 983_040) return 31;
  if (pixels <= 2_228_224) return 41;
  if (pixels <= 8_912_896) return 51;
  return 61;
}

export function buildVpcC(header: Vp9Header): Buffer {
  const packed = (header.bitDepth << 4) | (header.chroma << 1) | (header.fullRange ? 1 : 0);
  return Buffer.from([header.profile, levelOf(header), packed, 1, 1, 1, 0, 0]);
}

/** `vp09.00.41.08`, of a vpcC record. */
export function vp9CodecString(record: Buffer): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `vp09.${two(record[0] ?? 0)}.${two(record[1] ?? 0)}.${two((record[2] ?? 0) >> 4)}`;
}
