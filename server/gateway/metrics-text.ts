/** Joins expositions of several processes: a metric stands once, with the lines of all of them under one head. */
export function joinExpositions(texts: readonly string[]): string {
  const families = new Map<string, { head: string[]; samples: string[] }>();
  for (const text of texts) {
    let family: { head: string[]; samples: string[] } | undefined;
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const [, word, name] = /^# (HELP|TYPE) (\S+)/.exec(line) ?? [];
      if (name === undefined) {
        family?.samples.push(line);
        continue;
      }
      family = families.get(name) ?? { head: [], samples: [] };
      families.set(name, family);
      if (!family.head.some((known) => known.startsWith(`# ${word} `))) family.head.push(line);
    }
  }
  return [...families.values()].map(({ head, samples }) => `${head.concat(samples).join('\n')}\n`).join('');
}
