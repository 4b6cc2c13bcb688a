import { AsyncLocalStorage } from 'node:async_hooks';

import type { ObjectReference } from '#server/contracts/identity.ts';

/** Who a call turned out to be of. */
export interface ProvedPerson {
  id: string;
  name: string;
  /** The sign-in that the call began: it is this person's, whoever was signed in before. Without one they showed a link, which counts where nobody was. */
  via?: { kind: 'session' | 'token'; id: string };
}

/** What a write did, for the audit log: the thing, and how it was before and after (without secrets). */
export interface ChangeNote {
  person?: ProvedPerson;
  object?: ObjectReference;
  before?: unknown;
  after?: unknown;
  details?: Record<string, unknown>;
}

const notes = new AsyncLocalStorage<ChangeNote>();

/** Called by a service inside a write that came through a door: what it says goes into that write's entry in the audit log. */
export function noteChange(note: ChangeNote): void {
  const current = notes.getStore();
  if (current) Object.assign(current, note);
}

/** Runs a write, and gives what services noted about it. */
export async function withChangeNote<T>(work: () => Promise<T>): Promise<{ value: T; note: ChangeNote }> {
  const note: ChangeNote = {};
  const value = await notes.run(note, work);
  return { value, note };
}
