/** Lists cameras, looks at one, and follows its state: `node examples/typescript/look.ts --url http://localhost:3000 --key sns_…` */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { SensoriumClient, SensoriumError } from './sensorium-client.ts';

const { values: given } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:3000' },
    key: { type: 'string' },
    words: { type: 'string' },
    seconds: { type: 'string', default: '10' },
    picture: { type: 'string', default: 'camera.jpg' },
  },
});
const say = (text: string) => process.stdout.write(`${text}\n`);
const client = new SensoriumClient({ url: given.url, key: given.key });

try {
  await look();
} catch (error) {
  if (!(error instanceof SensoriumError)) throw error;
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exitCode = 1;
}

async function look(): Promise<void> {
  const { items, total } = await client.call('camerasList', { limit: 10, ...(given.words && { query: given.words }) });
  say(`${total} cameras`);
  for (const { name, place, state } of items) say(`  ${state.padEnd(9)} ${name}${place ? `, ${place}` : ''}`);

  const camera = items.find(({ state }) => state === 'live' || state === 'demo') ?? items[0];
  if (camera) {
    try {
      const { jpeg, capturedAt } = await client.picture(camera.streamId);
      writeFileSync(given.picture, jpeg);
      say(`${camera.name}: picture of ${capturedAt ?? 'an unknown moment'} in ${given.picture}, ${jpeg.length} bytes`);
    } catch (error) {
      if (!(error instanceof SensoriumError)) throw error;
      say(`${camera.name}: no picture (${error.code}: ${error.message})`);
    }
    const until = Date.now() + Number(given.seconds) * 1000;
    do {
      const { items: states } = await client.call('camerasStates', { ids: [camera.id] });
      const [measured] = states;
      const age = measured?.frameAgeMs;
      say(
        `${new Date().toISOString()} ${measured?.state ?? camera.state}${age === null || age === undefined ? '' : `, frame ${(age / 1000).toFixed(1)} s old`}`,
      );
      await sleep(Math.max(0, Math.min(2000, until - Date.now())));
    } while (Date.now() < until);
  }
}
