import { useTranslations } from 'next-intl';

/** The server's sentence begins so; what it names besides is in the groups. */
const known = [
  ['noAddressColumn', /^no column means the address/],
  ['noAddress', /^(?:it has no address|no address follows it|a camera of kind \w+ needs an address)/],
  ['noPosition', /^it has no position/],
  ['positionUnreadable', /^its position can not be read/],
  ['nowhere', /^its position (.+) is nowhere on earth/],
  ['zero', /^its position is 0, 0/],
  ['kindUnknown', /^its kind can not be told/],
  ['drawn', /^drawn cameras are not taken/],
  ['same', /^it is the same camera as \D*(\d+)/],
  ['quotes', /^its quotes do not close/],
  ['notPoint', /^it is not a (?:point|feature)/],
  ['notUrl', /^the address (?:is not a URL|holds control signs|names no host)/],
  ['scheme', /^a camera of kind \w+ is read by (.+)/],
  ['path', /^(?:a file is named by its path|a relative path)/],
  ['field', /^its (\S+) can not be taken/],
] as const;

/** Why a line can't be added and what to change, in the reader's language; else as the server says it. */
export function useRejectWords(): (reason: string) => string {
  const t = useTranslations('importer.reject');
  return (reason) => {
    for (const [word, pattern] of known) {
      const found = pattern.exec(reason);
      if (found) return t(word, { about: found[1] ?? '' });
    }
    return reason;
  };
}

/** `row 7` of the server as a person reads it. */
export function useRowWords(): (row: string) => string {
  const t = useTranslations('importer');
  return (row) => {
    const number = /^(?:row|line) (\d+)$/.exec(row)?.[1];
    return number === undefined ? row : t('line', { number });
  };
}
