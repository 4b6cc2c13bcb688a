/** What was typed before the code of the search was there. */
export type BegunSearch = {
  query: string;
  /** Enter was pressed: what is found first is meant. */
  isEntered: boolean;
  /** In the middle of a word of an input method, which another field can't take over. */
  isComposing: boolean;
};

export const nothingBegun: BegunSearch = { query: '', isEntered: false, isComposing: false };
