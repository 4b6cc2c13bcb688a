import { setConsoleFunction } from 'three';

/** React Three Fiber still makes the clock that three gives up, and three tells of it at each start: nothing that can be done here. */
const isKnown = (message: string): boolean => message.startsWith('THREE.Clock: This module has been deprecated');

/** What three has to say, less what is known. */
export function quietThree(): void {
  setConsoleFunction((type, message, ...params) => {
    // Three's own words, to where three would have written them.
    if (!isKnown(message)) console[type](message, ...params);
  });
}
