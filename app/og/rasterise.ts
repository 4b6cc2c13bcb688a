import { readFile } from 'node:fs/promises';

import { initWasm, Resvg } from '@resvg/resvg-wasm';

import { drawCard, type Card } from './card.ts';
import { requireHere } from './fonts.ts';

let ready: Promise<void> | null = null;
let queue: Promise<unknown> = Promise.resolve();
let waiting = 0;
/** Drawing takes a thread for some tenths of a second. */
const waitingMax = 8;

/** PNG; null: too many wait already. One at a time. */
export async function drawPng(card: Card): Promise<Uint8Array<ArrayBuffer> | null> {
  if (waiting >= waitingMax) return null;
  waiting += 1;
  const drawn = queue.then(() => draw(card));
  queue = drawn.catch(() => {
    // Whoever waits for it is told.
  });
  try {
    return await drawn;
  } finally {
    waiting -= 1;
  }
}

async function draw(card: Card): Promise<Uint8Array<ArrayBuffer>> {
  ready ??= readFile(requireHere.resolve('@resvg/resvg-wasm/index_bg.wasm')).then((wasm) => initWasm(wasm));
  await ready;
  const { svg, fonts } = await drawCard(card);
  const resvg = new Resvg(svg, { font: { fontBuffers: fonts, loadSystemFonts: false } });
  try {
    const image = resvg.render();
    const png = Uint8Array.from(image.asPng());
    image.free();
    return png;
  } finally {
    resvg.free();
  }
}
