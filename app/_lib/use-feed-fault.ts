import { useTranslations } from 'next-intl';

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

/** A fault as a person reads it: our sentence where the code is known, with the operator's detail behind it. */
export function useFeedFault(): (fault: string) => { words: string; detail: string | null } {
  const t = useTranslations('feeds.fault');
  return (fault) => {
    const said = /^([A-Z_]+): /.exec(fault)?.[1];
    const code = faultCodes.find((each) => each === said);
    return code ? { words: t(code), detail: fault } : { words: fault, detail: null };
  };
}
