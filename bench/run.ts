/** `npm run bench:<name>`. */
export async function runBench(name: string): Promise<void> {
  switch (name) {
    case 'media':
      return (await import('./media.ts')).benchMedia();
    case 'latency':
      return (await import('./latency.ts')).benchLatency();
    case 'origin':
      return (await import('./origin.ts')).benchOrigin();
    case 'globe':
      return (await import('./globe.ts')).benchGlobe();
    case 'api':
      return (await import('./api.ts')).benchApi();
    default:
      process.stderr.write(`unknown bench ${name}: media, latency, origin, globe or api\n`);
      process.exitCode = 1;
  }
}
