/** What the first frame would otherwise do at once, and the page stand still meanwhile: each step has a turn of its own. */
import type { Camera, Object3D, WebGLRenderer } from 'three';

import { caughtUp } from './caught-up.ts';

/** Without its picture the planet is a dark disc, and where the main processor draws, that takes as long as the planet: worth so long a wait. */
const pictureWithinMs = 250;

const rest = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export async function takeTurns(steps: Iterable<() => void>, signal: AbortSignal): Promise<void> {
  for (const step of steps) {
    await rest(0);
    if (signal.aborted) return;
    step();
  }
}

/** Shaders are made beside the page; what a program wants to be told is asked of it when it is there, one program a turn. */
export async function makeReady(
  renderer: WebGLRenderer,
  {
    scenes,
    camera,
    pictured,
    also,
    signal,
  }: {
    scenes: readonly Object3D[];
    camera: Camera;
    pictured: Promise<void>;
    also: () => void;
    signal: AbortSignal;
  },
): Promise<void> {
  const context = renderer.getContext();
  if (renderer.extensions.has('KHR_parallel_shader_compile')) {
    await Promise.all(scenes.map((part) => renderer.compileAsync(part, camera)));
  } else if (context instanceof WebGL2RenderingContext) {
    // Nobody says of a shader that it is ready: all that was asked of the context is waited for.
    for (const part of scenes) renderer.compile(part, camera);
    await caughtUp(context);
  }
  if (signal.aborted) return;
  const programs = renderer.info.programs ?? [];
  await takeTurns([...programs.map((program) => () => void program.getUniforms()), also], signal);
  await Promise.race([pictured, rest(pictureWithinMs)]);
}
