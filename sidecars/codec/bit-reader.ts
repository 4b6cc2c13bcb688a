/** A header or access unit that its standard does not allow. The only error that the parsers of this folder throw. */
export class CodecError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CodecError';
  }
}

/** Reads a header bit by bit. Reading past the end throws, so damaged bytes can neither loop nor show a neighbour's memory. */
export class BitReader {
  readonly #data: Buffer;
  #position = 0;

  constructor(data: Buffer) {
    this.#data = data;
  }

  get left(): number {
    return this.#data.length * 8 - this.#position;
  }

  bit(): number {
    const byte = this.#data[this.#position >> 3];
    if (byte === undefined) throw new CodecError(`header ends after ${this.#data.length} bytes`);
    const value = (byte >> (7 - (this.#position & 7))) & 1;
    this.#position += 1;
    return value;
  }

  flag(): boolean {
    return this.bit() === 1;
  }

  /** Up to 32 bits, unsigned. */
  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i += 1) value = value * 2 + this.bit();
    return value;
  }

  skip(count: number): void {
    if (count > this.left) throw new CodecError(`header ends after ${this.#data.length} bytes`);
    this.#position += count;
  }

  /** ue(v) of H.264 §9.1 and H.265 §9.2. */
  unsignedGolomb(): number {
    let zeros = 0;
    while (!this.flag()) {
      zeros += 1;
      if (zeros > 31) throw new CodecError('Exp-Golomb code longer than 32 bits');
    }
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  signedGolomb(): number {
    const code = this.unsignedGolomb();
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2;
  }
}

/** The bytes of a NAL unit without emulation prevention (H.264 §7.4.1, H.265 §7.4.2). Headers only: it copies. */
export function unescapeNal(nal: Buffer): Buffer {
  const out = Buffer.allocUnsafe(nal.length);
  let length = 0;
  let zeros = 0;
  for (const byte of nal) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    out[length] = byte;
    length += 1;
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return out.subarray(0, length);
}
