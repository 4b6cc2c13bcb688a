import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';

import { openDatabase, type Database } from '#server/platform/db.ts';
import { createSealer, type Sealer } from '#server/platform/sealed.ts';
import { inTransaction } from '#server/platform/transaction.ts';
import { checkAddress } from '#server/sources/address.ts';
import { countryAt, defaultView, timeZoneAt } from '#server/sources/camera-defaults.ts';
import { insertCamera } from '#server/sources/store.ts';

import { demoCameras, type DemoCamera } from './demo-cameras.ts';

/** The demo cameras; those that are there stay as they are, the owner's changes included. */
const { DATABASE_URL, SENSORIUM_KEY } = z
  .object({ DATABASE_URL: z.string(), SENSORIUM_KEY: z.string().min(16) })
  .parse(process.env);
const database = openDatabase(DATABASE_URL, { connectionsMax: 1 });
try {
  const known = await database.camera.findMany({
    where: { origin: { in: demoCameras.map((camera) => camera.origin) } },
    select: { origin: true },
  });
  const origins = new Set(known.map((camera) => camera.origin));
  const sealer = createSealer(SENSORIUM_KEY);
  for (const camera of demoCameras) if (!origins.has(camera.origin)) await plant(database, sealer, camera);
} finally {
  await database.$disconnect();
}

async function plant(into: Database, sealer: Sealer, { address, ...camera }: DemoCamera): Promise<void> {
  const id = uuidv7();
  const checked = checkAddress(camera.kind, address);
  const values = {
    ...camera,
    id,
    streamId: uuidv7(),
    demo: true,
    visibility: 'public',
    // What is drawn for whoever watches is not kept; what always runs is.
    recordPolicy: { mode: camera.ingest === 'always' ? 'always' : 'off', maxAgeSeconds: 86_400, maxBytes: 1024 ** 3 },
    country: countryAt(camera.latitude, camera.longitude),
    initialView: defaultView(camera.bearing),
    timeZone: timeZoneAt(camera.latitude, camera.longitude),
    sealedAddress: checked ? sealer.seal(checked.address, id) : null,
    addressHint: checked?.hint ?? null,
  };
  await inTransaction(into, (rows) => insertCamera(rows, values, Date.now()));
}
