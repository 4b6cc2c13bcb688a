import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';

import { feedFaultSentence } from '#server/contracts/feed-fault.ts';

import { FeedFault } from './feed-fault.ts';

const depthMax = 32;

/** A byte order mark or an XML declaration names the encoding; else it must be UTF-8. A wrong one is refused, never guessed. */
export function textOf(bytes: Uint8Array): string {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  const declared = /^\s*<\?xml[^>]*\bencoding=["']([\w.-]+)["']/i.exec(head.replace(/^ï»¿/, ''))?.[1];
  const encoding = head.startsWith('ÿþ') ? 'utf-16le' : head.startsWith('þÿ') ? 'utf-16be' : (declared ?? 'utf-8');
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FeedFault('CHARSET', feedFaultSentence('ENCODING', { about: encoding }), { cause });
  }
}

/** JSON that was announced as such. Pages that stand in for an answer (maintenance, captcha) are named. */
export function jsonOf(bytes: Uint8Array): unknown {
  const text = textOf(bytes);
  refusePage(text);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const detail = text.trim() === '' ? 'BLANK' : 'JSON_BROKEN';
    throw new FeedFault('NOT_JSON', feedFaultSentence(detail), { cause });
  }
}

/** `shape` describes the frame alone; rows are checked one by one. */
export function framedJson<Shape>(bytes: Uint8Array, shape: z.ZodType<Shape>): Shape {
  const parsed = shape.safeParse(jsonOf(bytes));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new FeedFault(
    'SHAPE',
    where === '' ? feedFaultSentence('SHAPE') : feedFaultSentence('SHAPE_AT', { about: where }),
  );
}

/** XML without a document type (no entities of its own), no deeper than a list of cameras needs. Texts stay texts. */
export function xmlOf(bytes: Uint8Array): unknown {
  return parseXml(textOf(bytes), { attributes: false });
}

export function parseXml(text: string, options: { attributes: boolean }): unknown {
  refusePage(text);
  if (/<!(?:doctype|entity)/i.test(text)) throw new FeedFault('NOT_XML', feedFaultSentence('XML_DOCTYPE'));
  const depth = depthOf(text);
  if (depth > depthMax) throw new FeedFault('NOT_XML', feedFaultSentence('XML_DEEP', { about: depthMax }));
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new FeedFault('NOT_XML', feedFaultSentence('XML_BROKEN', { about: valid.err.msg }));
  const parser = new XMLParser({
    ignoreAttributes: !options.attributes,
    attributeNamePrefix: '',
    parseTagValue: false,
    parseAttributeValue: false,
    // The five of XML itself: a document without a document type has no others.
    processEntities: true,
    trimValues: true,
  });
  return parser.parse(text);
}

function refusePage(text: string): void {
  if (/^\s*(?:<!doctype html|<html[\s>])/i.test(text.slice(0, 500)))
    throw new FeedFault('HTML', feedFaultSentence('PAGE'));
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const tag of text.matchAll(/<(\/?)[a-z_][^<>]*?(\/?)>/gi)) {
    if (tag[1] === '/') depth -= 1;
    else if (tag[2] !== '/') depth += 1;
    if (depth > deepest) deepest = depth;
  }
  return deepest;
}
