import { useTranslations } from 'next-intl';

import { readFeedFaultSentence } from '#server/contracts/feed-fault.ts';

const faultCodes = [
  'UNREACHABLE',
  'TIMED_OUT',
  'REFUSED',
  'BUSY',
  'ADDRESS_FORBIDDEN',
  'TOO_LARGE',
  'DAMAGED',
  'CHARSET',
  'HTML',
  'NOT_JSON',
  'NOT_XML',
  'SHAPE',
  'EMPTY',
  'SHRUNKEN',
  'PARTIAL',
  'INTERNAL',
] as const;

/** A fault as a person reads it: our sentence where the code is known, and what lies behind it in the same language. */
export function useFeedFault(): (fault: string) => { words: string; detail: string | null } {
  const t = useTranslations('feeds');
  const inWords = (sentence: string): string => {
    const read = readFeedFaultSentence(sentence);
    return read ? t(`faultDetail.${read.detail}`, { about: '', standing: '', ...read.values }) : sentence;
  };
  return (fault) => {
    const [, said, sentence = ''] = /^([A-Z_]+): (.*)$/s.exec(fault) ?? [];
    const code = faultCodes.find((each) => each === said);
    if (!code) return { words: fault, detail: null };
    const parts = code === 'PARTIAL' ? sentence.split('; ') : [];
    const detail =
      parts.length > 0
        ? parts.map((part) =>
            part.replace(/^([^:]+): (.*)$/s, (_whole, name: string, why: string) => `${name}: ${inWords(why)}`),
          )
        : [inWords(sentence)];
    return { words: t(`fault.${code}`), detail: detail.join('\n') };
  };
}
