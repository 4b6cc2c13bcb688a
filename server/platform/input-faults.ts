import type { ZodError } from 'zod';

/** What a caller is told at once; a body of nothing but unknown fields would come back doubled. */
const faultsMax = 100;
const pathLengthMax = 200;

export interface InputFault {
  /** `recordPolicy.mode`; empty: the input as a whole. */
  path: string;
  message: string;
}

/** What is wrong with an input, field by field; a field that nothing reads is named like one that is wrong. */
export function inputFaults({ issues }: ZodError): InputFault[] {
  return issues
    .flatMap((issue) => {
      const at = (...more: string[]) => [...issue.path, ...more].join('.').slice(0, pathLengthMax);
      if (issue.code !== 'unrecognized_keys') return [{ path: at(), message: issue.message }];
      return issue.keys.map((key) => ({ path: at(key), message: 'there is no such field' }));
    })
    .slice(0, faultsMax);
}
