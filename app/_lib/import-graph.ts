import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

export type Reached = { path: string; text: string; isClient: boolean };

/** What a page brings: source files of ours, and what else those of them name that run in the browser: packages, styles, data. */
export type Brought = { files: readonly Reached[]; others: ReadonlySet<string> };

const atOnce = [/^(?:import|export)\s+(?!type\b)[^;']*?\bfrom\s+'([^']+)'/gm, /^import\s+'([^']+)'/gm];
const later = [/\bimport\('([^']+)'\)/g];

/** Follows a file's imports; a file belongs to the browser where it, or one before it, says 'use client'. */
export function broughtBy(entries: readonly string[], { withLater }: { withLater: boolean }): Brought {
  const files = new Map<string, Reached>();
  const others = new Set<string>();
  const visit = (path: string, isWithinClient: boolean) => {
    const known = files.get(path);
    if (known && (known.isClient || !isWithinClient)) return;
    const text = readFileSync(path, 'utf8');
    const isClient = isWithinClient || text.startsWith("'use client'");
    files.set(path, { path: path.slice(root.length + 1), text, isClient });
    const patterns = withLater ? [...atOnce, ...later] : atOnce;
    for (const name of patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, found = '']) => found))) {
      const own = ownFile(path, name);
      if (own !== null && /\.tsx?$/.test(own)) visit(own, isClient);
      else if (isClient) others.add(name);
    }
  };
  for (const entry of entries) visit(resolve(root, entry), false);
  return { files: [...files.values()], others };
}

function ownFile(from: string, name: string): string | null {
  if (name.startsWith('.')) return resolve(dirname(from), name);
  if (name.startsWith('#')) return resolve(root, name.slice(1));
  return null;
}
