import type { EmitUnit } from './depacketizer.ts';

/** What a NAL unit is to us: `key` and `picture` are slices, `parameters` go beside the picture, `drop` means nothing inside MP4. */
export type NalKind = 'key' | 'picture' | 'parameters' | 'other' | 'drop';

export interface AssemblerOptions {
  track: number;
  /** Bytes of a NAL unit header: 1 for H.264, 2 for HEVC. The bit after it says "first slice of a picture" in both. */
  headerBytes: 1 | 2;
  /** From the session description: given with the first key frame when the stream carries none in band. */
  parameterSets: readonly Buffer[];
  emit: EmitUnit;
}

/** A picture larger than this is no picture: 8K intra frames stay below it. */
const unitBytesMax = 16 * 1024 * 1024;
/** What may wait in front of a picture (SEI, parameter sets) before it is thrown away as noise. */
const pendingBytesMax = 64 * 1024;

/**
 * Gathers the NAL units of a picture as views of the packets. A picture that may lack a packet is dropped whole, since
 * decoders show damaged ones as smears; the next good one says `lostBefore`.
 */
export class AccessUnitAssembler {
  private readonly options: AssemblerOptions;
  private timestamp: number | null = null;
  private arrivalUs = 0;
  private pieces: Buffer[] = [];
  private size = 0;
  private parameterSets: Buffer[] = [];
  private hasPicture = false;
  private isKey = false;
  private isDamaged = false;
  /** Packets were lost and no slice since has shown that it begins a picture. */
  private isSuspect = false;
  private lostBefore = false;
  /** Length field and header of the NAL unit that arrives in fragments. */
  private fragmentPrefix: Buffer | null = null;
  private fragmentKind: NalKind = 'other';
  private fragmentSize = 0;
  private fragmentPieces: Buffer[] = [];
  private hasInBandParameters = false;
  private emittedTimestamp: number | null = null;
  /** Some cameras set the marker on each slice; from then on only a new time stamp closes a picture. */
  private isMarkerTrusted = true;

  constructor(options: AssemblerOptions) {
    this.options = options;
  }

  /** Call for each packet before its NAL units. */
  beginPacket(timestamp: number, arrivalUs: number): void {
    if (timestamp !== this.timestamp) {
      this.close();
      this.timestamp = timestamp;
    }
    this.arrivalUs = arrivalUs;
  }

  /** Call for each packet after its NAL units. */
  endPacket(marker: boolean): void {
    if (marker && this.isMarkerTrusted) this.close();
  }

  /** A whole NAL unit, `buffer[start, end)`. */
  add(kind: NalKind, buffer: Buffer, start: number, end: number): void {
    this.abandonFragment();
    if (kind === 'drop') return;
    if (kind === 'parameters') {
      // Copied: they outlive the picture, and a view would keep the whole socket read alive.
      this.parameterSets.push(Buffer.from(buffer.subarray(start, end)));
      return;
    }
    if (kind !== 'other') this.noteSlice(kind, buffer[start + this.options.headerBytes] ?? 0);
    const length = end - start;
    const prefix = Buffer.allocUnsafe(4);
    prefix.writeUInt32BE(length, 0);
    this.append(prefix);
    this.append(buffer.subarray(start, end));
  }

  /** The first fragment of a NAL unit; `header` is the NAL unit header put together again, as one number. */
  beginFragments(kind: NalKind, header: number, buffer: Buffer, start: number, end: number): void {
    this.abandonFragment();
    const { headerBytes } = this.options;
    const prefix = Buffer.allocUnsafe(4 + headerBytes);
    prefix.writeUIntBE(header, 4, headerBytes);
    this.fragmentPrefix = prefix;
    this.fragmentKind = kind;
    this.fragmentSize = headerBytes;
    if (kind === 'key' || kind === 'picture') this.noteSlice(kind, buffer[start] ?? 0);
    if (kind === 'parameters') this.fragmentPieces = [prefix.subarray(4)];
    else if (kind !== 'drop') this.append(prefix);
    this.addFragment(buffer, start, end);
  }

  addFragment(buffer: Buffer, start: number, end: number): void {
    if (!this.fragmentPrefix) {
      this.isDamaged = true;
      return;
    }
    this.fragmentSize += end - start;
    if (this.fragmentKind === 'drop') return;
    const piece = buffer.subarray(start, end);
    if (this.fragmentKind !== 'parameters') this.append(piece);
    else if (this.fragmentSize > pendingBytesMax) this.isDamaged = true;
    else this.fragmentPieces.push(piece);
  }

  endFragments(): void {
    if (!this.fragmentPrefix) return;
    this.fragmentPrefix.writeUInt32BE(this.fragmentSize, 0);
    if (this.fragmentKind === 'parameters') this.parameterSets.push(Buffer.concat(this.fragmentPieces));
    this.fragmentPrefix = null;
    this.fragmentPieces = [];
  }

  /** The packet can't be read: the picture it belongs to is not whole. */
  damage(): void {
    this.isDamaged = true;
  }

  lose(): void {
    if (this.size > 0 || this.fragmentPrefix) this.isDamaged = true;
    this.isSuspect = true;
    this.lostBefore = true;
  }

  private append(piece: Buffer): void {
    // Counted on, not kept: the picture is refused when it closes.
    this.size += piece.length;
    if (this.size <= unitBytesMax) this.pieces.push(piece);
    else this.isDamaged = true;
  }

  private noteSlice(kind: 'key' | 'picture', firstByte: number): void {
    const beginsPicture = firstByte >= 128;
    if (!this.hasPicture) {
      if (this.isSuspect && !beginsPicture) this.isDamaged = true;
      if (beginsPicture) this.isSuspect = false;
      else if (this.timestamp === this.emittedTimestamp) {
        // The rest of a picture whose marker came early: that picture went out torn, this rest can't follow it.
        this.isMarkerTrusted = false;
        this.isDamaged = true;
      }
    }
    this.hasPicture = true;
    if (kind === 'key') this.isKey = true;
  }

  private abandonFragment(): void {
    if (!this.fragmentPrefix) return;
    this.fragmentPrefix = null;
    this.fragmentPieces = [];
    this.isDamaged = true;
  }

  private close(): void {
    this.abandonFragment();
    if (this.isDamaged) {
      this.lostBefore = true;
      this.reset();
      return;
    }
    if (!this.hasPicture) {
      // Parameter sets and SEI sent as packets of their own belong to the picture that follows.
      if (this.size > pendingBytesMax || this.parameterSets.length > 64) this.reset();
      return;
    }
    if (this.parameterSets.length > 0) this.hasInBandParameters = true;
    else if (this.isKey && !this.hasInBandParameters) this.parameterSets = [...this.options.parameterSets];
    const { pieces, size, parameterSets, isKey, lostBefore, timestamp, arrivalUs } = this;
    this.reset();
    this.lostBefore = false;
    this.emittedTimestamp = timestamp;
    this.options.emit({
      track: this.options.track,
      pts: timestamp,
      dts: null,
      key: isKey,
      payload: { form: 'pieces', pieces, size, parameterSets },
      arrivalUs,
      lostBefore,
    });
  }

  private reset(): void {
    this.pieces = [];
    this.size = 0;
    this.parameterSets = [];
    this.hasPicture = false;
    this.isKey = false;
    this.isDamaged = false;
  }
}
