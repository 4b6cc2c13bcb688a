/**
 * What is said in detail of a list of cameras that could not be taken. The log and the API carry the sentence, as it stands in the database too;
 * a page reads it back and says the same in the reader's language.
 */
const sentences = {
  UNREACHED: 'the server can not be reached',
  LATE: 'the server did not answer in time',
  STATUS: 'the server answers {about}',
  REDIRECTS: 'the server redirects more than {about} times',
  REDIRECTED: 'the server redirects to where a list is not read from',
  NOT_PUBLIC: '{about} does not lead to a public address',
  NO_SUCH_FEED: 'this house knows no such feed any more',
  UNASKED: 'not asked, because the server does not answer',
  PACKED: 'the answer is packed in a way that was not asked for',
  BROKEN: 'the answer broke off or is damaged',
  LARGER: 'the answer is larger than {about} MiB',
  ENCODING: 'the answer is not {about} text',
  PAGE: 'the answer is a web page, not a list of cameras',
  BLANK: 'the answer is empty',
  JSON_BROKEN: 'the answer is not whole JSON',
  XML_BROKEN: 'the answer is not whole XML: {about}',
  XML_DOCTYPE: 'the document declares a document type, which is not taken',
  XML_DEEP: 'the document is nested deeper than {about}',
  SHAPE: 'the answer does not have the documented shape',
  SHAPE_AT: 'the answer does not have the documented shape at {about}',
  NONE: 'the answer lists no cameras',
  NONE_TAKEN: 'the answer lists no camera that can be taken ({about})',
  FEWER: 'the answer lists {about} cameras where {standing} stand',
  NOTHING: 'nothing was read',
  UNEXPECTED: 'unexpected fault, see the log',
} as const;

export type FeedFaultDetail = keyof typeof sentences;
type Values = Readonly<Record<string, string | number>>;

export function feedFaultSentence(detail: FeedFaultDetail, values: Values = {}): string {
  return sentences[detail].replace(/\{(\w+)\}/g, (_place, name: string) => String(values[name] ?? ''));
}

const patterns = Object.entries(sentences).map(([detail, sentence]) => ({
  // Object.entries forgets that the names are those of the table.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- said above
  detail: detail as FeedFaultDetail,
  pattern: new RegExp(
    `^${sentence.replace(/[.*+?^$()|[\]\\]/g, String.raw`\$&`).replace(/\{(\w+)\}/g, '(?<$1>.+?)')}$`,
    's',
  ),
}));

/** Null: a sentence of an earlier version. */
export function readFeedFaultSentence(
  text: string,
): { detail: FeedFaultDetail; values: Readonly<Record<string, string>> } | null {
  for (const { detail, pattern } of patterns) {
    const found = pattern.exec(text);
    if (found) return { detail, values: { ...found.groups } };
  }
  return null;
}
