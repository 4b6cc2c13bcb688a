import { cameraKinds, cameraStates, type CameraKind, type CameraState } from '#server/contracts/camera-words.ts';

/** What the list shows, as it stands in the address. */
export type ListView = {
  query: string;
  states: readonly CameraState[];
  kinds: readonly CameraKind[];
  layout: 'table' | 'grid';
};

const chosen = <Word extends string>(known: readonly Word[], text: string | null | undefined): Word[] =>
  known.filter((word) => (text ?? '').split(',').includes(word));

type Reader = { get(name: string): string | null };

export function readListView(address: Reader): ListView {
  return {
    query: (address.get('q') ?? '').slice(0, 200),
    states: chosen(cameraStates, address.get('state')),
    kinds: chosen(cameraKinds, address.get('kind')),
    layout: address.get('view') === 'grid' ? 'grid' : 'table',
  };
}

/** The address of a view; what stands at its default is left out. */
export function listViewAddress(view: ListView): string {
  const address = new URLSearchParams();
  if (view.query) address.set('q', view.query);
  if (view.states.length > 0) address.set('state', view.states.join(','));
  if (view.kinds.length > 0) address.set('kind', view.kinds.join(','));
  if (view.layout === 'grid') address.set('view', 'grid');
  const text = address.toString().replaceAll('%2C', ',');
  return text ? `?${text}` : '';
}

export const pageSize = 60;

/** The question to the server that a view stands for. */
export function listInput(view: ListView): {
  limit: number;
  query?: string;
  states?: CameraState[];
  kinds?: CameraKind[];
} {
  const query = view.query.trim();
  return {
    limit: pageSize,
    ...(query ? { query } : {}),
    ...(view.states.length > 0 ? { states: [...view.states] } : {}),
    ...(view.kinds.length > 0 ? { kinds: [...view.kinds] } : {}),
  };
}
