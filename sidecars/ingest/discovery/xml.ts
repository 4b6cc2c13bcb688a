import { XMLParser } from 'fast-xml-parser';

import { SourceError } from '../source.ts';

/** A device's answer is a few KiB; its list of profiles may be some tens. */
const lengthMax = 262_144;
const depthMax = 32;

const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  // Values stay text: a name may be all digits.
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
});

/** A node as it is found: text, an element with children, or several of one name. */
export type XmlNode = unknown;

/** Parses what a stranger sent: bounded, without the document types that could make it large. */
export function parseXml(text: string): XmlNode {
  if (text.length > lengthMax) throw invalid(`more than ${lengthMax} signs`);
  if (/<!doctype/i.test(text)) throw invalid('it has a document type');
  if (deepestOf(text) > depthMax) throw invalid('it is nested too deeply');
  try {
    const document: unknown = parser.parse(text);
    return document;
  } catch (cause) {
    throw invalid('it is no XML', cause);
  }
}

function invalid(why: string, cause?: unknown): SourceError {
  return new SourceError('DATA_INVALID', `the device’s answer can't be read: ${why}`, { retry: false, cause });
}

/** Opened and not closed yet, at the most. */
function deepestOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [tag] of text.matchAll(/<[^!?][^>]*>/g)) {
    if (tag.startsWith('</')) depth -= 1;
    else if (!tag.endsWith('/>')) depth += 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** The children of that name, none where it is no element. */
export function childrenOf(node: XmlNode, name: string): XmlNode[] {
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, name)) return [];
  const found: unknown = Object.entries(node).find(([key]) => key === name)?.[1];
  return Array.isArray(found) ? found : [found];
}

/** Walks down by names, the first of each. */
export function at(node: XmlNode, ...path: string[]): XmlNode {
  let here: XmlNode = node;
  for (const name of path) [here] = childrenOf(here, name);
  return here;
}

/** The text of a leaf, cut to `max`. */
export function textOf(node: XmlNode, max: number): string {
  const value = typeof node === 'object' ? at(node, '#text') : node;
  return typeof value === 'string' ? value.trim().slice(0, max) : '';
}

export function numberOf(node: XmlNode): number | null {
  const text = textOf(node, 20);
  const value = Number(text);
  return text !== '' && Number.isFinite(value) ? value : null;
}

export function escapeXml(text: string): string {
  const signs: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
  };
  return text.replaceAll(/[&<>"']/g, (sign) => signs[sign] ?? sign);
}
