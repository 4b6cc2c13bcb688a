/** A part larger than this is no camera picture. */
const partBytesMax = 16 * 1024 * 1024;
const headBytesMax = 16 * 1024;
const headEnd = Buffer.from('\r\n\r\n');
const jpegStart = Buffer.from([0xff, 0xd8, 0xff]);

/**
 * Takes pictures out of `multipart/x-mixed-replace` (RFC 2046 §5.1). By Content-Length where parts have one; else to the next boundary.
 * Cameras write the boundary with and without its dashes, so only the name is looked for.
 */
export class MultipartReader {
  private readonly boundary: Buffer;
  private data: Buffer = Buffer.alloc(0);
  private length: number | null = null;
  private inBody = false;

  constructor(boundary: string) {
    this.boundary = Buffer.from(`--${boundary.replace(/^-+/, '')}`, 'latin1');
  }

  /** Whole JPEGs that these bytes complete. Throws RangeError where a part never ends. */
  push(bytes: Buffer): Buffer[] {
    this.data = this.data.length > 0 ? Buffer.concat([this.data, bytes]) : bytes;
    const pictures: Buffer[] = [];
    for (;;) {
      const part = this.inBody ? this.takeBody() : this.takeHead();
      if (part === 'more') break;
      if (part !== 'head' && part.subarray(0, 3).equals(jpegStart)) pictures.push(Buffer.from(part));
    }
    return pictures;
  }

  private takeHead(): 'head' | 'more' {
    const at = this.data.indexOf(this.boundary);
    const end = at === -1 ? -1 : this.data.indexOf(headEnd, at + this.boundary.length);
    if (end === -1) {
      if (this.data.length > headBytesMax && at === -1) this.data = this.data.subarray(-this.boundary.length);
      if (this.data.length > headBytesMax + partBytesMax) throw new RangeError('a part has no head');
      return 'more';
    }
    const head = this.data.toString('latin1', at, end);
    const length = Number(/^content-length:\s*(\d+)\s*$/im.exec(head)?.[1] ?? Number.NaN);
    if (length > partBytesMax) throw new RangeError('a part is too large');
    this.length = Number.isNaN(length) || length === 0 ? null : length;
    this.inBody = true;
    this.data = this.data.subarray(end + headEnd.length);
    return 'head';
  }

  private takeBody(): Buffer | 'more' {
    const end = this.length ?? this.data.indexOf(this.boundary);
    if (end === -1 || end > this.data.length) {
      if (this.data.length > partBytesMax) throw new RangeError('a part never ends');
      return 'more';
    }
    const body = this.data.subarray(0, end);
    this.data = this.data.subarray(end);
    this.inBody = false;
    return body;
  }
}
