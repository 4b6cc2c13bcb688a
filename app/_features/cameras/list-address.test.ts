import { expect, it } from 'vitest';

import { listInput, listViewAddress, readListView } from './list-address.ts';

it('an address tells the whole view, and unknown words in it are left out', () => {
  const view = readListView(new URLSearchParams('q=pier&state=live,demo,nonsense&kind=rtsp&view=grid'));
  expect(view).toEqual({ query: 'pier', states: ['live', 'demo'], kinds: ['rtsp'], layout: 'grid' });
  expect(readListView(new URLSearchParams(listViewAddress(view)))).toEqual(view);
});

it('a view at its defaults leaves nothing in the address and asks for everything', () => {
  const view = readListView(new URLSearchParams(''));
  expect(listViewAddress(view)).toBe('');
  expect(listInput(view)).toEqual({ limit: 60 });
});
