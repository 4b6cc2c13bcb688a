import pino from 'pino';

import { runCell } from '../cell.ts';
import { FakePackager, openFakeSource } from './fake-camera.ts';

/** A real cell process that reads fake cameras. */
runCell({
  log: pino({ level: 'silent' }),
  openSource: () => openFakeSource,
  createPackager: () => (options) => new FakePackager(options),
  diagnose: () => Promise.reject(new Error('a fake cell examines nothing')),
});
