/** The closing line of every bench: names are the same from run to run, so that runs can be compared. */
export function report(bench: string, figures: Record<string, number>, ratios: Record<string, number>): void {
  const rounded = (values: Record<string, number>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value.toPrecision(4))]));
  process.stdout.write(`${JSON.stringify({ bench, figures: rounded(figures), ratios: rounded(ratios) })}\n`);
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** The value below which `share` of the sorted values lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
