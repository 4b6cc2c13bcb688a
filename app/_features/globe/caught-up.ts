const lookEveryMs = 16;
const looksMax = 240;

/** When all that was asked of the context is done, or it is clear that nobody will ever say so. */
export async function caughtUp(context: WebGL2RenderingContext, everyMs = lookEveryMs): Promise<void> {
  const fence = context.fenceSync(context.SYNC_GPU_COMMANDS_COMPLETE, 0);
  if (!fence) return;
  context.flush();
  for (let look = 0; look < looksMax; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, everyMs));
    if (context.getSyncParameter(fence, context.SYNC_STATUS) !== context.UNSIGNALED) break;
  }
  context.deleteSync(fence);
}
