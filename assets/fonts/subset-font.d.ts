declare module 'subset-font' {
  /** A font with the glyphs of this text alone, by HarfBuzz. */
  export default function subsetFont(
    font: Buffer,
    text: string,
    options?: {
      targetFormat?: 'truetype' | 'woff' | 'woff2';
      noHinting?: boolean;
      noLayoutClosure?: boolean;
      dropTables?: readonly string[];
    },
  ): Promise<Buffer>;
}
