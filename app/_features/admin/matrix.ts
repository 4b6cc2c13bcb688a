import type { Permission, PermissionPattern } from '#server/contracts/permissions.ts';
import { permissionPattern } from '#server/contracts/permissions.ts';

export interface Matrix {
  nouns: string[];
  verbs: string[];
}

const nounOf = (permission: string): string => permission.slice(0, permission.indexOf(':'));
const verbOf = (permission: string): string => permission.slice(permission.indexOf(':') + 1);

/** Nouns down, verbs across, each in the order of its first word. */
export function matrixOf(permissions: readonly Permission[]): Matrix {
  return {
    nouns: [...new Set(permissions.map(nounOf))],
    verbs: [...new Set(permissions.map(verbOf))],
  };
}

const pattern = (text: string): PermissionPattern => permissionPattern.parse(text);

/** After a permission, a whole noun (`camera:*`) or everything (`*`) was turned on or off. What a wider pattern holds is not named beside it. */
export function toggled(
  patterns: readonly PermissionPattern[],
  word: PermissionPattern,
  all: readonly Permission[],
): PermissionPattern[] {
  if (word === '*') return patterns.includes('*') ? [] : ['*'];
  const noun = nounOf(word);
  const ofNoun = all.filter((permission) => nounOf(permission) === noun);
  const others = patterns.filter((one) => one !== '*' && nounOf(one) !== noun);
  const held = all.filter((one) => patterns.includes(one) || patterns.includes(pattern(`${nounOf(one)}:*`)));
  const ofThis = held.filter((one) => nounOf(one) === noun);
  if (verbOf(word) === '*') return patterns.includes(word) ? others : [...others, word];
  const isOn = ofThis.some((one) => one === word);
  const next = isOn
    ? ofThis.filter((one) => one !== word)
    : ofNoun.filter((one) => one === word || ofThis.includes(one));
  return [...others, ...next];
}
