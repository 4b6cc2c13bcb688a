/** One place where two states differ; null: not there. */
export interface Difference {
  path: string;
  before: string | null;
  after: string | null;
}

/** Deeper than this a value is shown as JSON. */
const depthMax = 4;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isScalar = (value: unknown): boolean => value === null || typeof value !== 'object';

function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every(isScalar)) return value.map(String).join(', ');
  return JSON.stringify(value);
}

function flatten(value: unknown, path: string, into: Map<string, string | null>): void {
  const isDeep = path.split('.').length > depthMax;
  if (isRecord(value) && Object.keys(value).length > 0 && !isDeep) {
    for (const [name, inner] of Object.entries(value)) flatten(inner, path === '' ? name : `${path}.${name}`, into);
    return;
  }
  if (path !== '' || !isRecord(value)) into.set(path, textOf(value));
}

/** Where `before` and `after` differ, place by place, in the order of the names. What is alike in both is left out. */
export function differences(before: unknown, after: unknown): Difference[] {
  const was = new Map<string, string | null>();
  const is = new Map<string, string | null>();
  if (before !== null && before !== undefined) flatten(before, '', was);
  if (after !== null && after !== undefined) flatten(after, '', is);
  const paths = [...new Set([...was.keys(), ...is.keys()])].toSorted();
  return paths
    .map((path) => ({ path, before: was.get(path) ?? null, after: is.get(path) ?? null }))
    .filter((place) => place.before !== place.after);
}
