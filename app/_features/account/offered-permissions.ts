import {
  everybodysPermissions,
  ownersPermissions,
  permission,
  permissionPattern,
  type Permission,
  type PermissionPattern,
} from '#server/contracts/permissions.ts';

export interface PermissionGroup {
  noun: string;
  /** Every verb of the noun, those too that come later. Null: the person holds some of them only. */
  whole: PermissionPattern | null;
  permissions: Permission[];
}

const nounOf = (word: string): string => word.slice(0, word.indexOf(':'));

/** What a key of somebody who holds `patterns` could ever do, by noun: what they hold, and what anybody may over what is theirs or public. */
export function offeredPermissions(patterns: readonly string[]): PermissionGroup[] {
  const holdsAll = (noun: string) => patterns.includes('*') || patterns.includes(`${noun}:*`);
  const isOffered = (word: Permission) =>
    holdsAll(nounOf(word)) ||
    patterns.includes(word) ||
    ownersPermissions.includes(word) ||
    everybodysPermissions.includes(word);
  const groups = new Map<string, Permission[]>();
  for (const word of permission.options.filter(isOffered)) {
    const noun = nounOf(word);
    groups.set(noun, [...(groups.get(noun) ?? []), word]);
  }
  return [...groups].map(([noun, permissions]) => ({ noun, permissions, whole: wholeOf(noun, holdsAll(noun)) }));
}

function wholeOf(noun: string, isHeld: boolean): PermissionPattern | null {
  return isHeld ? (permissionPattern.safeParse(`${noun}:*`).data ?? null) : null;
}
