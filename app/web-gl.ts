/** Whether this browser draws with WebGL: asked once, beside the page. */

let isAble: boolean | null = null;
let isAsked = false;
const listeners = new Set<() => void>();
const askedWithinMs = 4000;
/** A worker that drew ends only when what draws has time for it, and the page would wait for that. */
const endedAfterMs = 10_000;

/** The first context starts the browser's graphics process, which takes long where the processor draws: in a worker the page goes on meanwhile. */
const question = `const context = new OffscreenCanvas(1, 1).getContext('webgl2');
postMessage(context !== null);
context?.getExtension('WEBGL_lose_context')?.loseContext();`;

function settle(able: boolean): void {
  isAble = able;
  for (const listener of listeners) listener();
}

function askHere(): void {
  const context = document.createElement('canvas').getContext('webgl2');
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  settle(context !== null);
}

function ask(): void {
  const url = URL.createObjectURL(new Blob([question], { type: 'text/javascript' }));
  try {
    const worker = new Worker(url);
    const end = (able: boolean | null) => {
      clearTimeout(deadline);
      setTimeout(() => worker.terminate(), endedAfterMs);
      URL.revokeObjectURL(url);
      // What a worker has not, the page itself may have.
      if (isAble === null && able === true) settle(true);
      else if (isAble === null) askHere();
    };
    const deadline = setTimeout(() => end(null), askedWithinMs);
    worker.addEventListener('message', ({ data }) => end(data === true));
    worker.addEventListener('error', () => end(null));
  } catch {
    // No workers of this kind here: the page asks itself.
    URL.revokeObjectURL(url);
    askHere();
  }
}

/** Null until it is known. */
export const webGlAbility = (): boolean | null => isAble;

export function askWebGl(): void {
  if (!isAsked) ask();
  isAsked = true;
}

export function followWebGl(changed: () => void): () => void {
  listeners.add(changed);
  askWebGl();
  return () => listeners.delete(changed);
}

/** A context was refused after all. */
export function giveUpWebGl(): void {
  settle(false);
}
