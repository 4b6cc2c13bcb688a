import { createHash, randomBytes } from 'node:crypto';

/**
 * The notes at the edge (sonner) write their styles into the page by themselves, first an empty element and then this text; they take no nonce. A test
 * compares it with the package.
 */
export const styleHashes: readonly string[] = [
  "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
  "'sha256-StEaX+se6YS7pqjzrzMIA0KaX9zF/8zAhvQXZAe5epY='",
];

export const newNonce = (): string => randomBytes(18).toString('base64');

/** `'sha256-…'` of a text, as a policy names it. */
export const sourceHash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

interface PagePolicy {
  nonce: string;
  /** Origins whose pages may frame ours. */
  embedOrigins: readonly string[];
  development: boolean;
}

/** Content-Security-Policy of pages. Next reads the nonce out of it and writes it at its scripts and styles. */
export function pagePolicy({ nonce, embedOrigins, development }: PagePolicy): string {
  // React names the places of errors by evaluation while it is developed.
  const scripts = `'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`;
  const styles = development ? "'self' 'unsafe-inline'" : ["'self'", `'nonce-${nonce}'`, ...styleHashes].join(' ');
  return joined({
    'default-src': "'self'",
    'script-src': scripts,
    'script-src-attr': "'none'",
    'style-src': styles,
    // What React writes into `style=` on the server; it holds no text of strangers.
    'style-src-attr': "'unsafe-inline'",
    'img-src': "'self' data: blob:",
    // Media Source objects and hls.js's worker are blobs.
    'media-src': "'self' blob:",
    'worker-src': "'self' blob:",
    'connect-src': development ? "'self' ws: wss:" : "'self'",
    'font-src': "'self' data:",
    'object-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': framers(embedOrigins),
  });
}

/** Of scripts, styles and pictures: a worker has the policy of its own file. */
export const assetPolicy = joined({
  'default-src': "'self'",
  'worker-src': "'self' blob:",
  'img-src': "'self' data: blob:",
  'object-src': "'none'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
});

/** Of what no browser shows as a document. */
export const dataPolicy = joined({ 'default-src': "'none'", 'frame-ancestors': "'none'" });

function framers(origins: readonly string[]): string {
  return origins.length === 0 ? "'none'" : ["'self'", ...origins].join(' ');
}

function joined(directives: Record<string, string>): string {
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ');
}
