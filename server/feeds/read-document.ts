import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';

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
    throw new FeedFault('CHARSET', `the answer is not ${encoding} text`, { cause });
  }
}

/** JSON that was announced as such. Pages that stand in for an answer (maintenance, captcha) are named. */
export function jsonOf(bytes: Uint8Array): unknown {
  const text = textOf(bytes);
  refusePage(text);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = text.trim() === '' ? 'is empty' : 'is not whole JSON';
    throw new FeedFault('NOT_JSON', `the answer ${reason}`, { cause });
  }
}

/** `shape` describes the frame alone; rows are checked one by one. */
export function framedJson<Shape>(bytes: Uint8Array, shape: z.ZodType<Shape>): Shape {
  const parsed = shape.safeParse(jsonOf(bytes));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new FeedFault('SHAPE', `the answer does not have the documented shape${where === '' ? '' : ` at ${where}`}`);
}

/** XML without a document type (no entities of its own), no deeper than a list of cameras needs. Texts stay texts. */
export function xmlOf(bytes: Uint8Array): unknown {
  return parseXml(textOf(bytes), { attributes: false });
}

export function parseXml(text: string, options: { attributes: boolean }): unknown {
  refusePage(text);
  if (/<!(?:doctype|entity)/i.test(text))
    throw new FeedFault('NOT_XML', 'the document declares a document type, which is not taken');
  const depth = depthOf(text);
  if (depth > depthMax) throw new FeedFault('NOT_XML', `the document is nested deeper than ${depthMax}`);
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new FeedFault('NOT_XML', `the answer is not whole XML: ${valid.err.msg}`);
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
    throw new FeedFault('HTML', 'the answer is a web page, not a list of cameras');
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
