/** `npm run bench:<name>`. */
export async function runBench(name: string): Promise<void> {
  switch (name) {
    case 'media':
      return (await import('./media.ts')).benchMedia();
    case 'latency':
      return (await import('./latency.ts')).benchLatency();
    case 'origin':
      return (await import('./origin.ts')).benchOrigin();
    default:
      process.stderr.write(`unknown bench ${name}: media, latency or origin\n`);
      process.exitCode = 1;
  }
}
