import type { IntlConfig } from 'next-intl';

/** What a page takes of all messages. */
export type SomeMessages = NonNullable<IntlConfig['messages']>;

/** Messages by name, in groups within groups. */
type Tree = { [name: string]: string | Tree };

const isTree = (value: string | Tree | undefined): value is Tree => typeof value === 'object';

/** The named groups alone, where they stood; `admin.confirm` is a group within a group. */
export function partsOf(messages: SomeMessages, names: readonly string[]): SomeMessages {
  return names.reduce<Tree>((parts, name) => {
    const path = name.split('.');
    const found = path.reduce<string | Tree | undefined>((at, step) => (isTree(at) ? at[step] : undefined), messages);
    if (!isTree(found)) throw new Error(`there are no messages of ${name}`);
    return joinedTree(
      parts,
      path.reduceRight<Tree>((inner, step) => ({ [step]: inner }), found),
    );
  }, {});
}

/** Both; where both say something, the second. */
export const joined = (first: SomeMessages, second: SomeMessages): SomeMessages => joinedTree(first, second);

function joinedTree(first: Tree, second: Tree): Tree {
  const all = { ...first };
  for (const [name, value] of Object.entries(second)) {
    const before = all[name];
    all[name] = isTree(before) && isTree(value) ? joinedTree(before, value) : value;
  }
  return all;
}
