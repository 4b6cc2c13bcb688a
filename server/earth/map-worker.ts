import { parentPort } from 'node:worker_threads';

import { buffersOf, buildMapTree, type Positions } from './map-tree.ts';

// One tree, then it ends: what it needed to build is given back with it.
parentPort?.once('message', (positions: Positions) => {
  const tree = buildMapTree(positions);
  parentPort?.postMessage(tree, buffersOf(tree));
});
