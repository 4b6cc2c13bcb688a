/** What `npm start`, `npm run dev`, `npm test` and the benches run once Node and the packages are there. */
import { supervise } from '#server/supervisor/main.ts';

import { runBench } from '../bench/run.ts';
import { runChecks } from './checks.ts';

const [command = 'start', ...args] = process.argv.slice(2);
const verbose = args.includes('--verbose');

switch (command) {
  case 'start':
    await supervise('production', { verbose });
    break;
  case 'dev':
    await supervise('development', { verbose: true });
    break;
  case 'test':
    await runChecks(args);
    break;
  case 'bench':
    await runBench(args[0] ?? '');
    break;
  default:
    process.stderr.write(`sensorium  unknown command ${command}: start, dev, test or bench\n`);
    process.exitCode = 1;
}
