import { globSync } from 'node:fs';
import { resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import { broughtBy, type Reached } from './import-graph.ts';
import { partsOf } from './message-parts.ts';
import en from './messages/en.json' with { type: 'json' };
import ja from './messages/ja.json' with { type: 'json' };
import { frameNamespaces, pageNamespaces } from './page-namespaces.ts';

const app = resolve(import.meta.dirname, '..');
const topics = Object.keys(en);

/** The groups of messages that a file reads: those it names, or the first part of its keys where it reads from the root. */
function spokenIn({ text }: Reached): string[] {
  const named = [...text.matchAll(/\buseTranslations\('([^']+)'/g)].map(([, name = '']) => name);
  if (!text.includes('useTranslations()')) return named;
  const keys = [...text.matchAll(/['"`]([a-zA-Z]+)\.[a-zA-Z$]/g)].map(([, name = '']) => name);
  return [...named, ...keys.filter((name) => topics.includes(name))];
}

const isWithin = (name: string, groups: readonly string[]) =>
  groups.some((group) => name === group || name.startsWith(`${group}.`));

/** Of two groups of which one holds the other, the larger; none that the frame has. */
function groupsOf(entries: readonly string[], others: readonly string[]): string[] {
  const all = new Set(broughtBy(entries, { withLater: true }).files.flatMap((file) => spokenIn(file)));
  return [...all]
    .filter((name) => !isWithin(name, others) && ![...all].some((one) => one !== name && isWithin(name, [one])))
    .toSorted();
}

const pages = globSync('**/page.tsx', { cwd: app }).filter((path) => !path.startsWith('_'));
const sharedLayouts = ['account', 'admin'];

/** The files whose words belong to one entry of the table. */
const entriesOf = new Map<string, string[]>();
for (const page of pages) {
  const shared = sharedLayouts.find((name) => page.startsWith(`${name}/`));
  const route = shared ? `/${shared}` : `/${page.replace(/\/?page\.tsx$/, '')}`;
  const before = entriesOf.get(route) ?? (shared ? [`app/${shared}/layout.tsx`] : []);
  entriesOf.set(route, [...before, `app/${page}`]);
}

describe('messages of a page', () => {
  it('are those that its parts say in the browser, and no others', () => {
    const said = [...entriesOf].map(([route, files]) => [route, groupsOf(files, frameNamespaces)] as const);
    const speaking = Object.fromEntries(said.filter(([, groups]) => groups.length > 0));
    expect(pageNamespaces).toEqual(speaking);
  });

  it('of the frame are those of the frame, and of what stands where a page breaks', () => {
    expect(groupsOf(['app/layout.tsx', 'app/error.tsx'], []).toSorted()).toEqual([...frameNamespaces].toSorted());
  });

  it('are all there in both languages', () => {
    for (const names of [frameNamespaces, ...Object.values(pageNamespaces)]) {
      expect(Object.keys(partsOf(en, names))).toEqual(Object.keys(partsOf(ja, names)));
    }
  });

  it('reach the page: it, or the layout around it, names itself', () => {
    const silent = Object.keys(pageNamespaces).filter((route) => {
      const folder = `app${route === '/' ? '' : route}`;
      const file = sharedLayouts.includes(route.slice(1)) ? `${folder}/layout.tsx` : `${folder}/page.tsx`;
      const [first] = broughtBy([file], { withLater: false }).files;
      return !first?.text.includes(`<PageMessages page="${route}">`);
    });
    expect(silent).toEqual([]);
  });
});
